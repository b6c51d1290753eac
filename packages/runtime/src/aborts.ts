import type { AbortOutcome, CallId } from '@tessera/core'

interface Abort {
  outcome: Promise<AbortOutcome>
  settle: (outcome: AbortOutcome) => void
}

/** How long an aborted call has to be let go. */
const graceMs = 300

/** Aborts of one isolate whose outcome is open. */
export class Aborts {
  readonly #open = new Map<CallId, Abort>()

  of(call: CallId): Promise<AbortOutcome> | undefined {
    return this.#open.get(call)?.outcome
  }

  /** `onOverdue`: the call was not let go in time. */
  add(call: CallId, onOverdue: () => void): Promise<AbortOutcome> {
    const timer = setTimeout(onOverdue, graceMs)
    let settle: Abort['settle'] = () => {}
    const outcome = new Promise<AbortOutcome>((resolve) => {
      settle = (how) => {
        clearTimeout(timer)
        this.#open.delete(call)
        resolve(how)
      }
    })
    this.#open.set(call, { outcome, settle })
    return outcome
  }

  /** The call was answered: nearly always one that nobody aborted. */
  yielded(call: CallId): void {
    if (this.#open.size > 0) this.#open.get(call)?.settle('yielded')
  }

  /** The isolate is gone. */
  killed(): void {
    for (const { settle } of this.#open.values()) settle('killed')
  }
}
