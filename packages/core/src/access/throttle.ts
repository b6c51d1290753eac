import { TesseraError } from '@tessera/protocol'
import type { Clock } from '../ports/clock.ts'

const freeTries = 5
const firstWaitMs = 30_000
const longestWaitMs = 3_600_000
/** More names than this are not remembered: an attacker who invents them must not fill the memory. */
const mostKeys = 10_000

interface Failures {
  count: number
  until: number
}

/** Slows guessing down: after five failures a growing wait, for each account and each address (6-security.md E1). */
export class Throttle {
  readonly #clock: Clock
  readonly #failures = new Map<string, Failures>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** @throws TesseraError `TOO_MANY_ATTEMPTS` with the milliseconds to wait. */
  check(keys: readonly string[]): void {
    const until = Math.max(0, ...keys.map((key) => this.#failures.get(key)?.until ?? 0))
    const retryAfterMs = until - this.#clock.now()
    if (retryAfterMs > 0) throw new TesseraError('TOO_MANY_ATTEMPTS', 'Too many failed attempts: wait before the next one.', { retryAfterMs })
  }

  failed(keys: readonly string[]): void {
    for (const key of keys) {
      const count = (this.#failures.get(key)?.count ?? 0) + 1
      const waitMs = count < freeTries ? 0 : Math.min(firstWaitMs * 2 ** (count - freeTries), longestWaitMs)
      this.#failures.delete(key)
      this.#failures.set(key, { count, until: this.#clock.now() + waitMs })
    }
    for (const key of this.#failures.keys()) {
      if (this.#failures.size <= mostKeys) break
      this.#failures.delete(key)
    }
  }

  /** How many names and addresses it remembers. */
  get size(): number {
    return this.#failures.size
  }

  succeeded(keys: readonly string[]): void {
    for (const key of keys) this.#failures.delete(key)
  }
}
