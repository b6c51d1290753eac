import { uptimeMs } from './uptime.ts'

export interface BackOff {
  firstMs: number
  maxMs: number
  /** An isolate that lived this long did not die of its start. */
  healthyMs: number
}

/** How long to wait before what died is started again: not at all the first time, then twice as long each time. */
export class Deaths {
  readonly #backOff: BackOff
  #quick = 0
  #waitsUntil = 0

  constructor(backOff: BackOff) {
    this.#backOff = backOff
  }

  /** Until when nothing is started, from now. */
  get waitMs(): number {
    return Math.max(0, this.#waitsUntil - uptimeMs())
  }

  add(livedMs: number): void {
    const { firstMs, maxMs, healthyMs } = this.#backOff
    if (livedMs >= healthyMs) this.#quick = 0
    const waitMs = this.#quick === 0 ? 0 : Math.min(maxMs, firstMs * 2 ** (this.#quick - 1))
    this.#quick++
    this.#waitsUntil = uptimeMs() + waitMs
  }
}
