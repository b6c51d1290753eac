import { randomUUID } from 'node:crypto'
import type { AbortSignalLike, CallOptions } from '@tessera/kit'
import {
  type CallUp,
  checkDeadline,
  decodeStorable,
  encodeStorable,
  payloadText,
  type Storable,
  type StorableText,
  TesseraError,
  whenAborted,
} from '@tessera/protocol'
import type { AskOptions, Requests } from './requests.ts'
import { backOff, type Surroundings } from './surroundings.ts'

const mostRepeats = 3
const mostKeyCharacters = 200
const waits = { firstMs: 50, mostMs: 1000 }

export interface CallPlace {
  requests: Requests
  surroundings: Surroundings
  payloadBytes(): number
}

/** Which process, what, with what, and how. */
export interface Call {
  process: () => number
  method: string
  args: readonly unknown[]
  options: CallOptions
}

/** Runs one server method; what certainly did not start is asked again, at most three times. */
export const runCall = async (place: CallPlace, { process, method, args, options }: Call): Promise<Storable> => {
  const bytes = argumentsBytes(method, args, place.payloadBytes())
  const extra = extraOf(options)
  const asking = askingOf(options, extra)
  for (let attempt = 0; ; attempt += 1) {
    try {
      return decodeStorable(payloadText(await place.requests.ask('call', () => ({ process: process(), method, args: bytes, ...extra }), asking)))
    } catch (error) {
      if (!(error instanceof TesseraError) || error.code !== 'CALL_NOT_STARTED' || attempt >= mostRepeats) throw error
      await pause(place.surroundings, Math.max(error.retryAfterMs ?? 0, backOff(attempt, waits, place.surroundings)), options.signal)
    }
  }
}

type Extra = Partial<Pick<CallUp, 'request' | 'deadlineMs' | 'key'>>

/** @throws TesseraError `DEADLINE_INVALID`, `BAD_REQUEST`. */
const extraOf = ({ signal, deadlineMs, key }: CallOptions): Extra => {
  if (deadlineMs !== undefined) checkDeadline(deadlineMs)
  if (key !== undefined && (typeof key !== 'string' || key === '' || key.length > mostKeyCharacters))
    throw new TesseraError('BAD_REQUEST', `An idempotency key is a text of 1 to ${mostKeyCharacters} characters.`)
  return {
    ...(signal === undefined && key === undefined ? {} : { request: randomUUID() }),
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
    ...(key === undefined ? {} : { key }),
  }
}

const askingOf = ({ signal, key }: CallOptions, { request = '' }: Extra): AskOptions => ({
  repeatable: key !== undefined,
  ...(signal === undefined ? {} : { withdraw: { signal, request } }),
})

/** Over the limit nothing is sent: the transport would cut the connection, and the other calls on it with it. */
export const argumentsText = (method: string, args: readonly unknown[], most: number): StorableText => {
  const text = encodeStorable(args)
  checkSize(method, Buffer.byteLength(text), most)
  return text
}

const argumentsBytes = (method: string, args: readonly unknown[], most: number): Uint8Array => {
  const bytes = Buffer.from(encodeStorable(args))
  checkSize(method, bytes.length, most)
  return bytes
}

const checkSize = (method: string, bytes: number, most: number): void => {
  if (bytes <= most) return
  throw new TesseraError(
    'PAYLOAD_TOO_LARGE',
    `The arguments of "${method}" take ${bytes.toLocaleString('en')} bytes; this server takes at most ${most.toLocaleString('en')}.`,
  )
}

/** Ends early where the signal aborts. */
export const pause = (surroundings: Surroundings, ms: number, signal?: AbortSignalLike): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      takeBack?.()
      cancel()
      resolve()
    }
    const cancel = surroundings.after(ms, end)
    const takeBack = signal === undefined ? null : whenAborted(signal, end)
  })
