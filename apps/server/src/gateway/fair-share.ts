import type { RemoteSocket } from './remote-socket.ts'

/** What one client may ask before the others are heard. */
const mostInARow = 16

interface Pausable {
  pause(): void
  resume(): void
}

/**
 * One client's share of the gateway's time. The network hands over hundreds of messages of one client at once: beyond a few in
 * a row they wait until everybody else was heard, in order, and meanwhile nothing more is read from that client (SPEC P34).
 */
export class FairShare {
  readonly #pausable: () => Pausable | null
  #inARow = 0
  #waiting: (() => void)[] = []
  #paused: Pausable | null = null

  constructor(pausable: () => Pausable | null) {
    this.#pausable = pausable
  }

  /** Does it now, or in its turn. */
  run(task: () => void): void {
    if (this.#inARow === 0) setImmediate(this.#nextRound)
    if (this.#waiting.length === 0 && this.#inARow < mostInARow) {
      this.#inARow += 1
      task()
      return
    }
    this.#paused ??= this.#pause()
    this.#waiting.push(task)
  }

  readonly #nextRound = (): void => {
    const waiting = this.#waiting
    const round = waiting.slice(0, mostInARow)
    this.#waiting = waiting.slice(mostInARow)
    this.#inARow = round.length
    if (this.#inARow > 0) setImmediate(this.#nextRound)
    for (const task of round) task()
    if (this.#waiting.length > 0) return
    this.#paused?.resume()
    this.#paused = null
  }

  #pause(): Pausable | null {
    const pausable = this.#pausable()
    pausable?.pause()
    return pausable
  }
}

/** The WebSocket below; null where the transport is another or gone. */
export const webSocketOf = (socket: RemoteSocket): Pausable | null => {
  const transport: unknown = socket.conn.transport
  const below: unknown = typeof transport === 'object' && transport !== null && 'socket' in transport ? transport.socket : null
  return isPausable(below) ? below : null
}

const isPausable = (value: unknown): value is Pausable =>
  typeof value === 'object' &&
  value !== null &&
  'pause' in value &&
  typeof value.pause === 'function' &&
  'resume' in value &&
  typeof value.resume === 'function'
