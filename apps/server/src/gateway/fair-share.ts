import type { RemoteSocket } from './remote-socket.ts'

/** What one client may ask before the others are heard. */
const mostInARow = 16

interface Pausable {
  pause(): void
  resume(): void
}

/** Counts the rounds in which everybody is heard, one for each turn of the event loop: a timer for each client would cost more than its call. */
class Rounds {
  #current = 0
  #isCounted = false

  current(): number {
    if (!this.#isCounted) {
      this.#isCounted = true
      setImmediate(this.#next)
    }
    return this.#current
  }

  readonly #next = (): void => {
    this.#isCounted = false
    this.#current += 1
  }
}

const rounds = new Rounds()

/**
 * One client's share of the gateway's time. The network hands over hundreds of messages of one client at once: beyond a few in
 * a row they wait until everybody else was heard, in order, and meanwhile nothing more is read from that client (SPEC P34).
 */
export class FairShare {
  readonly #pausable: () => Pausable | null
  #round = -1
  #inARow = 0
  #waiting: (() => void)[] = []
  #paused: Pausable | null = null

  constructor(pausable: () => Pausable | null) {
    this.#pausable = pausable
  }

  /** Does it now, or in its turn. */
  run(task: () => void): void {
    if (this.#waiting.length === 0 && this.#takePlace()) {
      task()
      return
    }
    if (this.#waiting.length === 0) {
      this.#paused = this.#pause()
      setImmediate(this.#hearSome)
    }
    this.#waiting.push(task)
  }

  #takePlace(): boolean {
    const round = rounds.current()
    if (round !== this.#round) {
      this.#round = round
      this.#inARow = 0
    }
    this.#inARow += 1
    return this.#inARow <= mostInARow
  }

  readonly #hearSome = (): void => {
    const heard = this.#waiting.splice(0, mostInARow)
    if (this.#waiting.length > 0) setImmediate(this.#hearSome)
    else {
      this.#paused?.resume()
      this.#paused = null
    }
    for (const task of heard) task()
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
