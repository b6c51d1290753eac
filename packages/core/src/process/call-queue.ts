import type { CallStop } from './call-stop.ts'

interface Place {
  begin(): void
  before: Place | null
  after: Place | null
}

/** Calls that wait for their process's turn, first come first served: coming, going and leaving the middle cost the same however many wait. */
export class CallQueue {
  #first: Place | null = null
  #last: Place | null = null
  #size = 0

  get size(): number {
    return this.#size
  }

  /** Resolves when the turn has come; rejects, and waits no longer, where the call is stopped before (SPEC P23). */
  wait(stop: CallStop | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const place = this.#add(resolve)
      stop?.meanwhile((error) => {
        if (this.#remove(place)) reject(error)
      })
    })
  }

  /** Takes out who waits longest; undefined where nobody does. */
  next(): (() => void) | undefined {
    const first = this.#first
    if (first === null) return undefined
    this.#remove(first)
    return first.begin
  }

  #add(begin: () => void): Place {
    const place: Place = { begin, before: this.#last, after: null }
    if (this.#last === null) this.#first = place
    else this.#last.after = place
    this.#last = place
    this.#size += 1
    return place
  }

  /** False where it has gone already. */
  #remove(place: Place): boolean {
    const { before, after } = place
    if (before === null && this.#first !== place) return false
    if (before === null) this.#first = after
    else before.after = after
    if (after === null) this.#last = before
    else after.before = before
    place.before = null
    place.after = null
    this.#size -= 1
    return true
  }
}
