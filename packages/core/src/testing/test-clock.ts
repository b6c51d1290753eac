import type { Cancel, Clock } from '../ports/clock.ts'
import { settle } from './settle.ts'

interface Timer {
  at: number
  fn: () => void
}

/** Time that passes when a test says so. Timers run by their instant, those of one instant in the order in which they were made. */
export class TestClock implements Clock {
  readonly #timers = new Set<Timer>()
  #now: number
  #stopped = false

  constructor(now = Date.UTC(2026, 0, 5, 8, 0, 0)) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  elapsed(): number {
    return this.#now
  }

  after(ms: number, fn: () => void): Cancel {
    if (this.#stopped) return () => undefined
    const timer = { at: this.#now + Math.max(0, ms), fn }
    this.#timers.add(timer)
    return () => {
      this.#timers.delete(timer)
    }
  }

  /** Nothing that waits happens any more. */
  stop(): void {
    this.#timers.clear()
    this.#stopped = true
  }

  /** How many timers wait. */
  get pending(): number {
    return this.#timers.size
  }

  /** Lets so many milliseconds pass, and all that they bring about happen. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms
    await settle()
    for (let next = this.#due(until); next !== undefined; next = this.#due(until)) {
      this.#timers.delete(next)
      this.#now = next.at
      next.fn()
      await settle()
    }
    this.#now = until
  }

  #due(until: number): Timer | undefined {
    let first: Timer | undefined
    for (const timer of this.#timers) if (timer.at <= until && (first === undefined || timer.at < first.at)) first = timer
    return first
  }
}
