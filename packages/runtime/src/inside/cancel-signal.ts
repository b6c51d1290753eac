import type { CancelSignal, Unsubscribe } from '@tessera/kit'

/** A call's own signal; project code holds it as `currentProcess().signal`. */
export class CallSignal implements CancelSignal {
  #reason: string | undefined
  readonly #listeners = new Set<() => void>()
  readonly #report: (error: unknown) => void

  /** `report` takes what a listener throws. */
  constructor(report: (error: unknown) => void) {
    this.#report = report
  }

  get aborted(): boolean {
    return this.#reason !== undefined
  }

  get reason(): string | undefined {
    return this.#reason
  }

  onAbort(listener: () => void): Unsubscribe {
    if (this.aborted) {
      listener()
      return () => {}
    }
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  abort(reason: string): void {
    if (this.aborted) return
    this.#reason = reason
    for (const listener of this.#listeners) {
      try {
        listener()
      } catch (error) {
        this.#report(error)
      }
    }
    this.#listeners.clear()
  }
}
