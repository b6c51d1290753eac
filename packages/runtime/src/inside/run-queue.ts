export interface RunQueueOptions<Run> {
  /** While it says no all wait, until `work` is asked for again. */
  mayBegin: () => boolean
  begin: (run: Run) => void
  /** Milliseconds of a clock that never goes back. */
  now: () => number
  /** Does the rest once the event loop has seen to everything else. */
  later: (rest: () => void) => void
}

/** After so long the event loop has its turn: answers, timers and what came meanwhile. */
export const sliceMs = 10

/**
 * Runs that wait to begin. Sessions take turns, so that one with a thousand runs does not starve the others (rule X27); the
 * runs of a session keep their order.
 */
export class RunQueue<Run> {
  readonly #options: RunQueueOptions<Run>
  /** The session whose turn is next comes first. */
  readonly #lanes = new Map<string, Run[]>()
  #resting = false

  constructor(options: RunQueueOptions<Run>) {
    this.#options = options
  }

  get isEmpty(): boolean {
    return this.#lanes.size === 0
  }

  add(session: string, run: Run): void {
    const lane = this.#lanes.get(session)
    if (lane === undefined) this.#lanes.set(session, [run])
    else lane.push(run)
  }

  /** Gives back the one that was to begin just now: it is the first of its session again. */
  putBack(session: string, run: Run): void {
    this.#lanes.set(session, [run, ...(this.#lanes.get(session) ?? [])])
  }

  /** Begins runs until none waits or the slice is over; the rest follows by itself. */
  work(): void {
    if (!this.#resting) this.#work()
  }

  /** One that waits, where it waits. */
  find(isWanted: (run: Run) => boolean): Run | undefined {
    for (const lane of this.#lanes.values()) {
      const run = lane.find(isWanted)
      if (run !== undefined) return run
    }
    return undefined
  }

  /** Takes out one that waits. */
  remove(isWanted: (run: Run) => boolean): Run | undefined {
    for (const [session, lane] of this.#lanes) {
      const at = lane.findIndex(isWanted)
      if (at < 0) continue
      const [run] = lane.splice(at, 1)
      if (lane.length === 0) this.#lanes.delete(session)
      return run
    }
    return undefined
  }

  removeAll(isUnwanted: (run: Run) => boolean): void {
    for (const [session, lane] of this.#lanes) {
      const left = lane.filter((run) => !isUnwanted(run))
      if (left.length === 0) this.#lanes.delete(session)
      else this.#lanes.set(session, left)
    }
  }

  #work(): void {
    const { mayBegin, begin, now, later } = this.#options
    const end = now() + sliceMs
    while (mayBegin()) {
      const run = this.#next()
      if (run === undefined) return
      begin(run)
      if (this.isEmpty || now() < end) continue
      this.#resting = true
      later(this.#resume)
      return
    }
  }

  readonly #resume = (): void => {
    this.#resting = false
    this.#work()
  }

  #next(): Run | undefined {
    for (const [session, lane] of this.#lanes) {
      const run = lane.shift()
      this.#lanes.delete(session)
      if (lane.length > 0) this.#lanes.set(session, lane)
      return run
    }
    return undefined
  }
}
