import { TesseraError } from '@tessera/protocol'
import type { Cancel, Clock } from '../ports/clock.ts'

/** How long a holder may keep the turn before the next one gets it. */
export const turnMs = 1000

interface Waiting {
  grant(turn: number): void
  refuse(error: TesseraError): void
}

/**
 * Gives writers that lost three times the document to themselves, one after another in the order they asked (SPEC T3):
 * a hot slot starves nobody. A turn ends with its commit or after a second.
 */
export class Turns {
  readonly #clock: Clock
  readonly #waiting: Waiting[] = []
  #last = 0
  #held: { turn: number; cancel: Cancel } | null = null
  #closed = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Resolves with the turn's number. @throws TesseraError `SESSION_ENDED` where the session ends first. */
  ask(): Promise<number> {
    if (this.#closed) return Promise.reject(sessionEnded())
    return new Promise((grant, refuse) => {
      this.#waiting.push({ grant, refuse })
      this.#next()
    })
  }

  /** Whether a commit may win now: nobody holds the turn, or this commit does. */
  admits(turn: number | undefined): boolean {
    return this.#held === null || this.#held.turn === turn
  }

  end(turn: number): void {
    if (this.#held?.turn !== turn) return
    this.#held.cancel()
    this.#held = null
    this.#next()
  }

  /** The session ends: nobody gets a turn any more. */
  close(): void {
    this.#closed = true
    this.#held?.cancel()
    this.#held = null
    for (const { refuse } of this.#waiting.splice(0)) refuse(sessionEnded())
  }

  #next(): void {
    if (this.#held !== null) return
    const next = this.#waiting.shift()
    if (next === undefined) return
    this.#last += 1
    const turn = this.#last
    this.#held = { turn, cancel: this.#clock.after(turnMs, () => this.end(turn)) }
    next.grant(turn)
  }
}

const sessionEnded = (): TesseraError => new TesseraError('SESSION_ENDED', 'The session has ended, and its storage with it.')
