import { TesseraError } from '@tessera/protocol'
import { parseAddress } from './address.ts'
import { pause } from './calls.ts'
import type { ConnectOptions } from './connect-options.ts'
import { introduce } from './introduction.ts'
import type { Remote } from './remote.ts'
import { RemoteSession } from './remote-session.ts'
import { backOff, machine, type Surroundings } from './surroundings.ts'

const waits = { firstMs: 100, mostMs: 2000 }

/**
 * Opens a session on a server, as a remote client does.
 * @throws ConnectionRefused with the server's code and sentence; TesseraError `SERVER_UNREACHABLE` where no server
 * answers, `BAD_REQUEST` where the address is none.
 */
export const connect = (options: ConnectOptions): Promise<Remote> => connectIn(machine, options)

export const connectIn = async (surroundings: Surroundings, options: ConnectOptions): Promise<Remote> => {
  const session = new RemoteSession({
    address: parseAddress(options.address),
    introduction: introduce(options),
    surroundings,
    autoReload: options.autoReload ?? true,
  })
  const giveUpAt = surroundings.now() + (options.waitMs ?? 0)
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await session.open()
    } catch (error) {
      const leastMs = startsLater(error)
      const ms = leastMs === null ? 0 : Math.max(leastMs, backOff(attempt, waits, surroundings))
      if (leastMs === null || surroundings.now() + ms > giveUpAt) throw error
      await pause(surroundings, ms)
    }
  }
}

/** Milliseconds to wait at least, where the server may only not be up yet. */
const startsLater = (error: unknown): number | null =>
  error instanceof TesseraError && (error.code === 'SERVER_STARTING' || error.code === 'SERVER_UNREACHABLE') ? (error.retryAfterMs ?? 0) : null
