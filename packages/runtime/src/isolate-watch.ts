import type { IsolateActivity, ProcessFacts, ProcessId, SessionId } from '@tessera/core'
import type { WatchReport } from './watch-report.ts'

export type StuckIn = NonNullable<IsolateActivity['stuckIn']>

/** What the watchdog of one isolate last told, in names instead of the numbers that both ends count alike. */
export class IsolateWatch {
  readonly #processes = new Map<number, ProcessFacts>()
  readonly #ordinals = new Map<ProcessId, number>()
  #methods: readonly string[] = []
  #opened = 0
  #report: WatchReport | null = null

  /** In the order in which the isolate told of them. */
  know(methods: readonly string[]): void {
    this.#methods = methods
  }

  open(process: ProcessFacts): void {
    this.#processes.set(++this.#opened, process)
    this.#ordinals.set(process.id, this.#opened)
  }

  close(process: ProcessId): void {
    const ordinal = this.#ordinals.get(process)
    if (ordinal !== undefined) this.#processes.delete(ordinal)
    this.#ordinals.delete(process)
  }

  closeSession(sessionId: SessionId): void {
    for (const { id, sessionId: owner } of this.#processes.values()) if (owner === sessionId) this.close(id)
  }

  /** Keeps the report; gives the CPU time in it. */
  take(report: WatchReport): readonly (readonly [process: ProcessId, ms: number])[] {
    this.#report = report
    return report.cpu.flatMap(([ordinal, ms]) => {
      const process = this.#processes.get(ordinal)
      return process === undefined ? [] : [[process.id, ms] as const]
    })
  }

  /** Null while it answers, and where nothing of the project's is to blame. */
  get stuckIn(): StuckIn | null {
    const stuck = this.#report?.stuck ?? null
    const process = stuck === null ? undefined : this.#processes.get(stuck.process)
    if (stuck === null || process === undefined) return null
    return { sessionId: process.sessionId, processId: process.id, method: this.#methods[stuck.method] ?? '', sinceMs: stuck.sinceMs }
  }

  get usage(): Pick<IsolateActivity, 'busy' | 'rssBytes' | 'heapBytes'> {
    const { busy = null, rssBytes = null, heapBytes = null } = this.#report ?? {}
    return { busy, rssBytes, heapBytes }
  }
}
