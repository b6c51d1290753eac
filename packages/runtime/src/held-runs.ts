import type { CallId, SessionId } from '@tessera/core'
import type { IsolateHandle } from './isolate-handle.ts'
import { cancelled, notStarted, settleRun, type WantedRun } from './wanted-run.ts'

/** Runs that wait for an isolate which does not answer: their sessions have others running there, and cannot move. */
export class HeldRuns {
  readonly #held = new Map<IsolateHandle, WantedRun[]>()

  add(handle: IsolateHandle, run: WantedRun): void {
    const runs = this.#held.get(handle)
    if (runs === undefined) this.#held.set(handle, [run])
    else runs.push(run)
  }

  /** In the order in which they came. */
  take(handle: IsolateHandle): readonly WantedRun[] {
    const runs = this.#held.get(handle) ?? []
    this.#held.delete(handle)
    return runs.filter(({ settle }) => settle !== null)
  }

  has(handle: IsolateHandle, besides: SessionId | null): boolean {
    return (this.#held.get(handle) ?? []).some(({ request, settle }) => settle !== null && request.process.sessionId !== besides)
  }

  /** False where it is not here. */
  cancel(call: CallId, reason: string): boolean {
    const found = this.#find(call)
    if (found !== undefined) settleRun(found.run, cancelled(reason, found.handle.facts.id))
    return found !== undefined
  }

  /** It hears so when it begins. */
  signal(call: CallId, reason: string): void {
    const found = this.#find(call)
    if (found !== undefined) found.run.signalled = reason
  }

  dropAll(): void {
    for (const [handle, runs] of this.#held) for (const run of runs) settleRun(run, notStarted('the server stopped its isolate', handle.facts.id))
    this.#held.clear()
  }

  #find(call: CallId): { run: WantedRun; handle: IsolateHandle } | undefined {
    for (const [handle, runs] of this.#held) {
      const run = runs.find(({ request, settle }) => request.call === call && settle !== null)
      if (run !== undefined) return { run, handle }
    }
    return undefined
  }
}
