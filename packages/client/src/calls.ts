import { decodeStorable, encodeStorable, payloadText, type Storable, TesseraError } from '@tessera/protocol'
import type { Requests } from './requests.ts'
import { backOff, type Surroundings } from './surroundings.ts'

const mostRepeats = 3
const waits = { firstMs: 50, mostMs: 1000 }

export interface CallPlace {
  requests: Requests
  surroundings: Surroundings
  payloadBytes(): number
}

/** Which process, what, and with what. */
export interface Call {
  process: () => number
  method: string
  args: readonly unknown[]
}

/** Runs one server method; what certainly did not start is asked again, at most three times. */
export const runCall = async (place: CallPlace, { process, method, args }: Call): Promise<Storable> => {
  const bytes = argumentsOf(method, args, place.payloadBytes())
  for (let attempt = 0; ; attempt += 1) {
    try {
      return decodeStorable(payloadText(await place.requests.ask('call', () => ({ process: process(), method, args: bytes }), { repeatable: false })))
    } catch (error) {
      if (!(error instanceof TesseraError) || error.code !== 'CALL_NOT_STARTED' || attempt >= mostRepeats) throw error
      await pause(place.surroundings, Math.max(error.retryAfterMs ?? 0, backOff(attempt, waits, place.surroundings)))
    }
  }
}

/** Over the limit nothing is sent: the transport would cut the connection, and the other calls on it with it. */
const argumentsOf = (method: string, args: readonly unknown[], most: number): Uint8Array => {
  const bytes = Buffer.from(encodeStorable(args))
  if (bytes.length <= most) return bytes
  throw new TesseraError(
    'PAYLOAD_TOO_LARGE',
    `The arguments of "${method}" take ${bytes.length.toLocaleString('en')} bytes; this server takes at most ${most.toLocaleString('en')}.`,
  )
}

export const pause = (surroundings: Surroundings, ms: number): Promise<void> =>
  new Promise((resolve) => {
    surroundings.after(ms, resolve)
  })
