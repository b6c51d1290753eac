import type { Delta, ProcessId, RunOutcome, RunRequest, SessionFacts, SessionId, SessionSeed } from '@tessera/core'
import { type ErrorBody, toErrorBody } from '@tessera/protocol'
import type { CodeContents, IsolateHandle } from './isolate-handle.ts'
import type { KeptVariables } from './kept-variables.ts'
import type { OwnIsolates } from './own-isolates.ts'
import { noIsolate, type Supervisor } from './supervisor.ts'

export interface PlacementSources {
  supervisor: Supervisor
  /** Where each session has an isolate of its own; null: they share the supervisor's. */
  own: OwnIsolates | null
  contents: CodeContents
  variables: KeptVariables
  seed: (sessionId: SessionId) => SessionSeed | null
}

/** Where the sessions of one version are: each on one isolate, with all its processes (rule X5). */
export class Placement {
  readonly #sources: PlacementSources
  readonly #seats = new Map<SessionId, IsolateHandle>()

  constructor(sources: PlacementSources) {
    this.#sources = sources
  }

  get handles(): readonly IsolateHandle[] {
    return this.#sources.own?.handles ?? this.#sources.supervisor.handles
  }

  run(request: RunRequest): Promise<RunOutcome> {
    const { process, target } = request
    // Most projects have few database methods, and each connection runs them: what is not there needs no hop.
    if (target.kind === 'database' && !this.#sources.contents.database.has(target.name)) return Promise.resolve(nothingToRun)
    const handle = this.#seats.get(process.sessionId) ?? this.#place(process.sessionId)
    if ('code' in handle) return Promise.resolve({ ok: false, error: handle, isolate: null })
    if (!handle.hasProcess(process.sessionId, process.id)) handle.openProcess(process, this.#sources.variables.of(process.sessionId, process.id))
    return handle.run(request)
  }

  /** The isolate is gone: its sessions are placed again when they next run something. */
  forgetIsolate(handle: IsolateHandle): void {
    for (const sessionId of handle.sessions.keys()) {
      if (this.#seats.get(sessionId) === handle) this.#seats.delete(sessionId)
    }
    this.#sources.own?.forget(handle)
  }

  leave(sessionId: SessionId): void {
    this.#seats.get(sessionId)?.leave(sessionId)
    this.#seats.delete(sessionId)
    this.#sources.own?.free(sessionId)
  }

  closeSession(sessionId: SessionId): void {
    this.#seats.delete(sessionId)
    for (const handle of this.handles) handle.closeSession(sessionId)
    this.#sources.own?.free(sessionId)
  }

  closeProcess(sessionId: SessionId, process: ProcessId): void {
    this.#seats.get(sessionId)?.closeProcess(sessionId, process)
  }

  pushDelta(sessionId: SessionId, delta: Delta): void {
    for (const handle of this.handles) handle.pushDelta(sessionId, delta)
  }

  pushFacts(facts: SessionFacts): void {
    for (const handle of this.handles) handle.pushFacts(facts)
  }

  stop(): Promise<void> {
    return (this.#sources.own ?? this.#sources.supervisor).stop()
  }

  #place(sessionId: SessionId): IsolateHandle | ErrorBody {
    const seed = this.#sources.seed(sessionId)
    if (seed === null) return { code: 'SESSION_ENDED', message: 'The session of this call has ended.' }
    const { own, supervisor } = this.#sources
    const handle = own === null ? leastLoaded(this.handles) : own.take(sessionId)
    if (handle === undefined) return toErrorBody(noIsolate(supervisor.retryAfterMs))
    handle.placeSession(seed)
    this.#seats.set(sessionId, handle)
    return handle
  }
}

const nothingToRun: RunOutcome = { ok: true, value: 'null', isolate: '' }

/** One that still loads takes sessions too, when the others are far fuller: their calls wait for it. */
const leastLoaded = (handles: readonly IsolateHandle[]): IsolateHandle | undefined =>
  handles.reduce<IsolateHandle | undefined>((best, handle) => (best === undefined || loadOf(handle) < loadOf(best) ? handle : best), undefined)

const loadingCostsSessions = 100

const loadOf = (handle: IsolateHandle): number => handle.sessions.size + handle.callsRunning + (handle.isReady ? 0 : loadingCostsSessions)
