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
import { TesseraError, toErrorBody } from '@tessera/protocol/values'
import { CpuBook } from './cpu-book.ts'
import type { HandleEvents, IsolateHandle } from './isolate-handle.ts'
import type { StuckIn } from './isolate-watch.ts'
import { KeptVariables } from './kept-variables.ts'
import type { Answer, AskMessage, Up } from './messages.ts'
import { OwnIsolates, type OwnIsolatesOptions } from './own-isolates.ts'
import { Placement } from './placement.ts'
import { Quarantine } from './quarantine.ts'
import { mebibyte, overResident, type ResidentWatch } from './resident-watch.ts'
import { Supervisor, type SupervisorOptions } from './supervisor.ts'
import { notStarted, settleRun, type WantedRun } from './wanted-run.ts'
import { Watchdog, type WatchdogLimits } from './watchdog.ts'

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
  limits: WatchdogLimits
  /** So long a session in quarantine must block nothing before it shares isolates again. */
  quietMs: number
}

/** How often it is looked whether sessions may leave quarantine. Nobody waits for it. */
const roundMs = 1_000

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
  readonly #quarantine: Quarantine
  readonly #watchdog: Watchdog
  readonly #cpu = new CpuBook()
  #rounds: NodeJS.Timeout | null = null
  #guest: IsolateGuest | null = null

  constructor(options: PoolOptions) {
    this.#options = options
    this.#quarantine = new Quarantine(options.quietMs)
    this.#watchdog = new Watchdog(options.limits, {
      onBlocked: (handle, stuckIn) => this.#onBlocked(handle, stuckIn),
      onFreed: (handle) => this.#onFreed(handle),
      onConvicted: (handle, stuckIn) => this.#onConvicted(handle, stuckIn),
      isAwaited: (handle, besides) => this.#placementOf(handle)?.isAwaited(handle, besides) ?? false,
    })
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
    if (this.#handles().some((handle) => handle.cancel(call, reason))) return
    for (const { placement } of this.#versions.values()) if (placement.cancelHeld(call, reason)) return
  }

  signal(call: CallId, reason: string): void {
    if (this.#handles().some((handle) => handle.signal(call, reason))) return
    for (const { placement } of this.#versions.values()) placement.signalHeld(call, reason)
  }

  pushDelta(sessionId: SessionId, delta: Delta): void {
    for (const { placement } of this.#versions.values()) placement.pushDelta(sessionId, delta)
  }

  pushFacts(facts: SessionFacts): void {
    for (const { placement } of this.#versions.values()) placement.pushFacts(facts)
  }

  closeProcess(sessionId: SessionId, process: ProcessId): void {
    this.#variables.forgetProcess(sessionId, process)
    this.#cpu.forget(process)
    for (const { placement } of this.#versions.values()) placement.closeProcess(sessionId, process)
  }

  closeSession(sessionId: SessionId): void {
    this.#variables.forgetSession(sessionId)
    this.#quarantine.forget(sessionId)
    for (const { placement } of this.#versions.values()) placement.closeSession(sessionId)
  }

  leaveVersion(sessionId: SessionId, digest: Digest): void {
    this.#versions.get(digest)?.placement.leave(sessionId)
  }

  heldSessions(): ReadonlySet<SessionId> {
    return new Set([...this.#handles().flatMap((handle) => [...handle.heldSessions()]), ...this.#variables.sessions(), ...this.#quarantine.sessions()])
  }

  abort(call: CallId, reason: string): Promise<AbortOutcome> {
    for (const { placement } of this.#versions.values()) {
      const outcome = placement.abort(call, reason)
      if (outcome !== null) return outcome
    }
    return Promise.resolve('gone')
  }

  isolates(): readonly IsolateActivity[] {
    return [...this.#versions.values()].flatMap(({ host, placement }) => placement.handles.map((handle) => this.#activityOf(handle, { host, placement })))
  }

  cpu(): ReadonlyMap<ProcessId, ProcessCpu> {
    return this.#cpu.read()
  }

  async stop(): Promise<void> {
    if (this.#rounds !== null) clearInterval(this.#rounds)
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
      const placement = new Placement({ supervisor, own, contents, variables: this.#variables, quarantine: this.#quarantine, seed })
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
        this.#watchdog.forget(handle)
        this.#placementOf(handle)?.forgetIsolate(handle)
        if (handle.wasReady) this.#needGuest().isolateEnded(handle.facts, why, callsLost)
      },
      onAsk: (handle, message, caller) => void this.#answer(handle, message, caller),
      onProgress: (caller, fraction, text) => this.#needGuest().progressed(caller, fraction, text),
      onVariables: (sessionId, process, changes) => this.#variables.keep(sessionId, process, changes),
      onLog: (handle, message) => this.#log(handle, message),
      onWatch: (handle, report) => {
        if (residentMb !== undefined && report.rssBytes !== null && report.rssBytes > residentMb * mebibyte) handle.kill(overResident(residentMb))
        for (const [process, ms] of handle.seen.take(report)) this.#cpu.add(process, ms)
        const withdrawn = handle.withdraw(report.stuck?.closing ?? 0)
        this.#watchdog.heard(handle, report.stuck?.sinceMs ?? null)
        if (withdrawn.length > 0) this.#runElsewhere(withdrawn, handle)
      },
      onSpared: (handle, run, why) => {
        const placement = this.#placementOf(handle)
        if (placement === undefined) settleRun(run, notStarted(why, handle.facts.id))
        else placement.runAgain(run, handle, why)
      },
    }
  }

  #runElsewhere(runs: readonly WantedRun[], handle: IsolateHandle): void {
    const placement = this.#placementOf(handle)
    if (placement !== undefined) placement.runElsewhere(runs, handle, handle.seen.stuckIn?.sessionId ?? null)
    else for (const run of runs) settleRun(run, notStarted('its version was closed', handle.facts.id))
  }

  #onBlocked(handle: IsolateHandle, stuckIn: StuckIn | null): void {
    handle.setBlocked(true)
    this.#placementOf(handle)?.flee(handle, stuckIn?.sessionId ?? null)
    this.#options.logger.warn('An isolate does not answer.', { isolate: handle.facts.id, method: stuckIn?.method, sessionId: stuckIn?.sessionId })
    this.#needGuest().isolateBlocked(handle.facts, stuckIn)
  }

  #onFreed(handle: IsolateHandle): void {
    handle.setBlocked(false)
    const placement = this.#placementOf(handle)
    placement?.returnTo(handle)
    if (placement?.endUnwanted() === true) this.#makeRounds()
  }

  #onConvicted(handle: IsolateHandle, { sessionId, method, sinceMs }: StuckIn): void {
    // A session that ended meanwhile, or a version that is closed.
    if (!handle.sessions.has(sessionId) || this.#placementOf(handle) === undefined) return
    const why = `its call of "${method}" blocked an isolate for ${sinceMs} ms`
    if (!this.#quarantine.add(sessionId, method, why)) return
    this.#makeRounds()
    this.#needGuest().sessionQuarantined(sessionId, handle.facts, method, why)
  }

  #makeRounds(): void {
    this.#rounds ??= setInterval(() => this.#makeRound(), roundMs).unref()
  }

  #makeRound(): void {
    for (const sessionId of this.#quarantine.takeQuiet()) this.#needGuest().sessionReleased(sessionId)
    const left = [...this.#versions.values()].filter(({ placement }) => placement.endUnwanted())
    if (left.length > 0 || !this.#quarantine.isEmpty || this.#rounds === null) return
    clearInterval(this.#rounds)
    this.#rounds = null
  }

  #activityOf(handle: IsolateHandle, { host, placement }: Pick<OpenVersion, 'host' | 'placement'>): IsolateActivity {
    const owner = placement.ownerOf(handle)
    const entry = owner === null ? undefined : this.#quarantine.of(owner)
    return {
      ...handle.facts,
      state: handle.isBlocked ? 'blocked' : handle.isReady ? 'ready' : 'loading',
      host,
      sessions: handle.sessions.size,
      callsRunning: handle.callsRunning,
      ...handle.seen.usage,
      quarantined: owner === null || entry === undefined ? null : { sessionId: owner, method: entry.method, since: entry.since, why: entry.why },
      stuckIn: this.#watchdog.stuckIn(handle),
    }
  }

  #placementOf({ facts }: IsolateHandle): Placement | undefined {
    return this.#versions.get(facts.digest)?.placement
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
