import type {
  AbortOutcome,
  CallId,
  Delta,
  Digest,
  HostCaller,
  IsolateActivity,
  IsolateCode,
  IsolateGuest,
  IsolateHost,
  Logger,
  MethodFacts,
  ProcessCpu,
  ProcessId,
  ProjectExecution,
  RunOutcome,
  RunRequest,
  SessionFacts,
  SessionId,
} from '@tessera/core'
import { TesseraError, toErrorBody } from '@tessera/protocol'
import type { HandleEvents, IsolateHandle } from './isolate-handle.ts'
import { KeptVariables } from './kept-variables.ts'
import type { Answer, AskMessage, Up } from './messages.ts'
import { OwnIsolates, type OwnIsolatesOptions } from './own-isolates.ts'
import { Placement } from './placement.ts'
import type { ResidentWatch } from './resident-watch.ts'
import { Supervisor, type SupervisorOptions } from './supervisor.ts'

/** How one version's isolates are run. */
export interface VersionOptions extends SupervisorOptions {
  host: IsolateActivity['host']
  /** Most resident memory of an isolate, where it has a process of its own. */
  residentMb?: number
  /** Given where each session has an isolate of its own. */
  own?: Pick<OwnIsolatesOptions, 'idleMs' | 'lingerMs'>
}

export interface PoolOptions extends VersionOptions {
  logger: Logger
  /** What the settings of a version's project make different. */
  ofVersion?: (execution: ProjectExecution) => VersionOptions
  /** Ends isolates that pass their `residentMb`; null where memory cannot be read. */
  resident?: ResidentWatch | null
}

interface OpenVersion {
  host: IsolateActivity['host']
  placement: Placement
  methods: readonly MethodFacts[]
}

/** The port over isolates of any kind: versions side by side, each with a few isolates among which sessions are placed. */
export class IsolatePool implements IsolateHost {
  readonly #options: PoolOptions
  readonly #variables = new KeptVariables()
  readonly #versions = new Map<Digest, OpenVersion>()
  readonly #opening = new Map<Digest, Promise<OpenVersion>>()
  #guest: IsolateGuest | null = null

  constructor(options: PoolOptions) {
    this.#options = options
  }

  attach(guest: IsolateGuest): void {
    this.#guest = guest
  }

  async openVersion(code: IsolateCode): Promise<readonly MethodFacts[]> {
    const known = this.#versions.get(code.digest)
    if (known !== undefined) return known.methods
    const opening = this.#opening.get(code.digest) ?? this.#open(code)
    this.#opening.set(code.digest, opening)
    return (await opening).methods
  }

  async closeVersion(digest: Digest): Promise<void> {
    await this.#opening.get(digest)?.catch(() => {})
    const version = this.#versions.get(digest)
    this.#versions.delete(digest)
    await version?.placement.stop()
  }

  run(request: RunRequest): Promise<RunOutcome> {
    const version = this.#versions.get(request.digest)
    return version === undefined ? Promise.resolve(versionClosed) : version.placement.run(request)
  }

  cancel(call: CallId, reason: string): void {
    this.#handles().some((handle) => handle.cancel(call, reason))
  }

  signal(call: CallId, reason: string): void {
    this.#handles().some((handle) => handle.signal(call, reason))
  }

  pushDelta(sessionId: SessionId, delta: Delta): void {
    for (const { placement } of this.#versions.values()) placement.pushDelta(sessionId, delta)
  }

  pushFacts(facts: SessionFacts): void {
    for (const { placement } of this.#versions.values()) placement.pushFacts(facts)
  }

  closeProcess(sessionId: SessionId, process: ProcessId): void {
    this.#variables.forgetProcess(sessionId, process)
    for (const { placement } of this.#versions.values()) placement.closeProcess(sessionId, process)
  }

  closeSession(sessionId: SessionId): void {
    this.#variables.forgetSession(sessionId)
    for (const { placement } of this.#versions.values()) placement.closeSession(sessionId)
  }

  leaveVersion(sessionId: SessionId, digest: Digest): void {
    this.#versions.get(digest)?.placement.leave(sessionId)
  }

  heldSessions(): ReadonlySet<SessionId> {
    return new Set([...this.#handles().flatMap((handle) => [...handle.heldSessions()]), ...this.#variables.sessions()])
  }

  abort(call: CallId, reason: string): Promise<AbortOutcome> {
    return Promise.resolve(this.#handles().some((handle) => handle.cancel(call, reason)) ? 'yielded' : 'gone')
  }

  isolates(): readonly IsolateActivity[] {
    const all = [...this.#versions.values()].flatMap(({ host, placement }) => placement.handles.map((handle) => ({ host, handle })))
    return all.map(({ host, handle: { facts, sessions, callsRunning, isReady } }) => ({
      ...facts,
      state: isReady ? 'ready' : 'loading',
      host,
      sessions: sessions.size,
      callsRunning,
      busy: null,
      rssBytes: null,
      heapBytes: null,
      quarantined: null,
      stuckIn: null,
    }))
  }

  cpu(): ReadonlyMap<ProcessId, ProcessCpu> {
    return new Map()
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#versions.keys(), ...this.#opening.keys()].map((digest) => this.closeVersion(digest)))
  }

  async #open(code: IsolateCode): Promise<OpenVersion> {
    const options = this.#options.ofVersion?.(code.execution) ?? this.#options
    const supervisor = new Supervisor(code, options, this.#handleEvents(options))
    try {
      const contents = await supervisor.open()
      const seed = (sessionId: SessionId) => this.#needGuest().seed(sessionId)
      const leave = (sessionId: SessionId): void => placement.leave(sessionId)
      const own = options.own === undefined ? null : new OwnIsolates({ ...options.own, warm: supervisor, leave })
      const placement = new Placement({ supervisor, own, contents, variables: this.#variables, seed })
      const version = { host: options.host, placement, methods: contents.methods }
      this.#versions.set(code.digest, version)
      return version
    } finally {
      this.#opening.delete(code.digest)
    }
  }

  #handleEvents({ residentMb }: VersionOptions): HandleEvents {
    const { resident } = this.#options
    return {
      onReady: (handle) => this.#needGuest().isolateStarted(handle.facts),
      onBusy: (handle) => {
        if (residentMb !== undefined) resident?.watch(handle, residentMb)
      },
      onEnded: (handle, why, callsLost) => {
        this.#versions.get(handle.facts.digest)?.placement.forgetIsolate(handle)
        if (handle.wasReady) this.#needGuest().isolateEnded(handle.facts, why, callsLost)
      },
      onAsk: (handle, message, caller) => void this.#answer(handle, message, caller),
      onProgress: (caller, fraction, text) => this.#needGuest().progressed(caller, fraction, text),
      onVariables: (sessionId, process, changes) => this.#variables.keep(sessionId, process, changes),
      onLog: (handle, message) => this.#log(handle, message),
    }
  }

  async #answer(handle: IsolateHandle, { ask, request, subscribe }: AskMessage, caller: HostCaller): Promise<void> {
    // Before the engine reads the seed: no delta may fall between the two.
    if (request.kind === 'session.seed' && subscribe) handle.watch(request.sessionId)
    try {
      const value = await this.#needGuest().answer(request, caller)
      if (value === null && request.kind === 'session.seed') handle.unwatch(request.sessionId)
      handle.answer(ask, { kind: request.kind, value } as Answer)
    } catch (error) {
      if (request.kind === 'session.seed') handle.unwatch(request.sessionId)
      this.#logUnexpected(error, request.kind)
      handle.refuse(ask, toErrorBody(error))
    }
  }

  #log({ facts }: IsolateHandle, { level, text, method, sessionId, request }: Extract<Up, { type: 'log' }>): void {
    this.#options.logger[level](method === null ? text : `${method}: ${text}`, { isolate: facts.id, method, sessionId, request })
  }

  #logUnexpected(error: unknown, request: string): void {
    if (error instanceof TesseraError) return
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
    this.#options.logger.error('A request of project code failed unexpectedly.', { request, detail })
  }

  #handles(): readonly IsolateHandle[] {
    return [...this.#versions.values()].flatMap(({ placement }) => placement.handles)
  }

  #needGuest(): IsolateGuest {
    if (this.#guest === null) throw new Error('The isolate host has no guest yet: attach the engine first.')
    return this.#guest
  }
}

const versionClosed: RunOutcome = {
  ok: false,
  error: { code: 'CALL_NOT_STARTED', message: 'The version of this call is not open.' },
  isolate: null,
}
