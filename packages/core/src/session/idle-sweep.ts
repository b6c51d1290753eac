import type { Cancel, Clock } from '../ports/clock.ts'

interface Sweeping {
  /** Whether there is anything to look after. */
  isNeeded(): boolean
  sweep(): void
}

const everyMs = 60_000

/** One timer for all that ends by itself when nobody uses it; none while there is nothing of the kind. */
export class IdleSweep {
  readonly #clock: Clock
  readonly #sweeping: Sweeping
  #cancel: Cancel | null = null

  constructor(clock: Clock, sweeping: Sweeping) {
    this.#clock = clock
    this.#sweeping = sweeping
  }

  /** There is something to look after. */
  arm(): void {
    this.#cancel ??= this.#clock.after(everyMs, () => {
      this.#cancel = null
      this.#sweeping.sweep()
      if (this.#sweeping.isNeeded()) this.arm()
    })
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = null
  }
}
