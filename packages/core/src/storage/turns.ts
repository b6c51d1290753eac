import type { Cancel, Clock } from '../ports/clock.ts'

/** How long a holder may keep the turn before the next one gets it. */
export const turnMs = 1000

/**
 * Gives writers that lost three times the document to themselves, one after another in the order they asked (SPEC T3):
 * a hot slot starves nobody. A turn ends with its commit or after a second.
 */
export class Turns {
  readonly #clock: Clock
  readonly #waiting: ((turn: number) => void)[] = []
  #last = 0
  #held: { turn: number; cancel: Cancel } | null = null

  constructor(clock: Clock) {
    this.#clock = clock
  }

  ask(): Promise<number> {
    return new Promise((grant) => {
      this.#waiting.push(grant)
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

  #next(): void {
    if (this.#held !== null) return
    const grant = this.#waiting.shift()
    if (grant === undefined) return
    this.#last += 1
    const turn = this.#last
    this.#held = { turn, cancel: this.#clock.after(turnMs, () => this.end(turn)) }
    grant(turn)
  }
}
