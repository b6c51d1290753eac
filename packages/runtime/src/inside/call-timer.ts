import type { RunTimings } from '@tessera/core'

/** Measures where the time of one call goes, from its making on. */
export class CallTimer {
  readonly #now: () => number
  readonly #beganAt: number
  #storageMs = 0
  /** Requests to shared storage that wait, and since when at least one does. */
  #waiting = 0
  #waitingSince = 0

  constructor(now: () => number) {
    this.#now = now
    this.#beganAt = now()
  }

  /** The time until the answer is there is time spent waiting for storage, told once however many requests wait. */
  waitForStorage(answer: Promise<unknown>): void {
    if (this.#waiting === 0) this.#waitingSince = this.#now()
    this.#waiting += 1
    const done = (): void => {
      this.#waiting -= 1
      if (this.#waiting === 0) this.#storageMs += this.#now() - this.#waitingSince
    }
    answer.then(done, done)
  }

  /** Up to now. */
  timings(): RunTimings {
    const now = this.#now()
    const storageMs = this.#storageMs + (this.#waiting === 0 ? 0 : now - this.#waitingSince)
    return { runMs: now - this.#beganAt, storageMs, dataMs: 0 }
  }
}
