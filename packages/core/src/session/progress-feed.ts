import { limits, type ProcedureProgress, type ProgressSeen } from '@tessera/protocol'
import type { Cancel, Clock } from '../ports/clock.ts'
import { within } from '../within.ts'

/** No answer waits for longer: a connection in between might not. */
const waitMs = 20_000

/** How far one stored procedure is: told at most four times a second, and what was said last always (SPEC P42). */
export class ProgressFeed {
  readonly #clock: Clock
  readonly #tell: (progress: ProcedureProgress) => void
  #progress: ProcedureProgress | null = null
  #told: ProcedureProgress | null = null
  #seen = 0
  #ended = false
  #pause: Cancel | null = null
  #waiters: (() => void)[] = []

  constructor(clock: Clock, tell: (progress: ProcedureProgress) => void) {
    this.#clock = clock
    this.#tell = tell
  }

  say(progress: ProcedureProgress): void {
    this.#progress = progress
    if (this.#pause === null) this.#tellLatest()
  }

  end(): void {
    this.#pause?.()
    if (this.#progress !== this.#told) this.#tellLatest()
    this.#pause?.()
    this.#ended = true
    this.#wake()
  }

  /** Answers once more is known than `after`, or it has ended; after a while with what is known. */
  async next(after: number): Promise<ProgressSeen> {
    if (this.#seen <= after && !this.#ended) await within(this.#clock, waitMs, new Promise<void>((resolve) => this.#waiters.push(resolve)))
    return { seen: this.#seen, progress: this.#told, running: !this.#ended }
  }

  #tellLatest(): void {
    if (this.#progress === null) return
    this.#told = this.#progress
    this.#seen += 1
    this.#pause = this.#clock.after(limits.viewIntervalMs, () => {
      this.#pause = null
      if (this.#progress !== this.#told) this.#tellLatest()
    })
    this.#tell(this.#told)
    this.#wake()
  }

  #wake(): void {
    const waiters = this.#waiters
    this.#waiters = []
    for (const wake of waiters) wake()
  }
}
