import type { CallId, SessionId } from '@tessera/core'
import type { ErrorBody } from '@tessera/protocol/values'
import type { BegunRuns } from './begun-log.ts'
import { settleRun, type WantedRun } from './wanted-run.ts'

/** How an isolate ended, as far as it tells which runs had begun there. */
export interface IsolateEnd {
  why: string
  isolate: string
  /** Its code was never loaded. */
  noneBegan: boolean
  /** All that it said was heard. */
  complete: boolean
  /** What it noted past the channel; null where it noted nothing there. */
  begun: BegunRuns | null
}

/** The runs that one isolate was sent and has not answered, counted as the isolate counts them. */
export class RunsInFlight {
  readonly #runs = new Map<CallId, WantedRun>()
  #sent = 0
  #taken = 0
  #answered = 0

  get size(): number {
    return this.#runs.size
  }

  /** All that were ever sent. */
  get sent(): number {
    return this.#sent
  }

  get(call: CallId): WantedRun | undefined {
    return this.#runs.get(call)
  }

  /** It was sent just now. */
  add(run: WantedRun): void {
    run.number = ++this.#sent
    run.answeredBefore = this.#answered
    this.#runs.set(run.request.call, run)
  }

  /** The isolate says that so many may begin from now on. */
  take(runs: number): void {
    this.#taken = Math.max(this.#taken, runs)
  }

  answer(call: CallId): WantedRun | undefined {
    const run = this.#runs.get(call)
    if (run === undefined) return undefined
    this.#runs.delete(call)
    this.#answered++
    return run
  }

  isFor(sessionId: SessionId): boolean {
    for (const { request } of this.#runs.values()) if (request.process.sessionId === sessionId) return true
    return false
  }

  /** Whether somebody else than this session waits for an outcome. */
  isAwaitedBeside(sessionId: SessionId | null): boolean {
    for (const { request, settle } of this.#runs.values()) if (settle !== null && request.process.sessionId !== sessionId) return true
    return false
  }

  /** Takes back what surely has not begun, and will not: the isolate begins nothing just now. `begun`: null where it notes nothing. */
  withdraw(begun: BegunRuns | null): readonly WantedRun[] {
    if (begun === null) return []
    const withdrawn = [...this.#runs.values()].filter(
      ({ settle, number, answeredBefore }) => settle !== null && number > this.#taken && !begun.mayHaveBegun(number, answeredBefore),
    )
    for (const { request } of withdrawn) this.#runs.delete(request.call)
    return withdrawn
  }

  /**
   * The isolate is gone: what may have begun is interrupted, what surely had not is given back. Without notes past the channel,
   * what the isolate did not say it took surely did not begin, if all that it said was heard.
   */
  lose({ why, isolate, noneBegan, complete, begun }: IsolateEnd): { interrupted: number; spared: readonly WantedRun[] } {
    const mayHaveBegun = ({ number, answeredBefore }: WantedRun): boolean =>
      !noneBegan && (number <= this.#taken || (begun === null ? !complete : begun.mayHaveBegun(number, answeredBefore)))
    const lost = [...this.#runs.values()].filter(({ settle }) => settle !== null)
    this.#runs.clear()
    const interrupted = lost.filter(mayHaveBegun)
    for (const run of interrupted) settleRun(run, { ok: false, error: interruptedBy(why), isolate })
    return { interrupted: interrupted.length, spared: lost.filter((run) => run.settle !== null) }
  }
}

const interruptedBy = (why: string): ErrorBody => ({ code: 'CALL_INTERRUPTED', message: `The call was running when its isolate ended: ${why}.` })
