import type { AbortOutcome, CallId, Delta, ProcessId, RunOutcome, RunRequest, SessionFacts, SessionId, SessionSeed } from '@tessera/core'
import { type ErrorBody, toErrorBody } from '@tessera/protocol/values'
import { HeldRuns } from './held-runs.ts'
import type { CodeContents, IsolateHandle } from './isolate-handle.ts'
import type { KeptVariables } from './kept-variables.ts'
import type { OwnIsolates } from './own-isolates.ts'
import type { Quarantine } from './quarantine.ts'
import { noIsolate, type Supervisor } from './supervisor.ts'
import { notStarted, settleRun, type WantedRun, wantRun } from './wanted-run.ts'

export interface PlacementSources {
  supervisor: Supervisor
  /** Where each session has an isolate of its own; null: they share the supervisor's. */
  own: OwnIsolates | null
  contents: CodeContents
  variables: KeptVariables
  quarantine: Quarantine
  seed: (sessionId: SessionId) => SessionSeed | null
}

/** How often a call is begun again elsewhere before its caller hears that it was not started. */
const mostTries = 2

/**
 * Where the sessions of one version are: each on one isolate, with all its processes (rule X5). A session in quarantine has an
 * isolate of its own. Nothing new goes to an isolate that does not answer: who has nothing running there moves, the others'
 * new calls are held until it answers or is gone.
 */
export class Placement {
  readonly #sources: PlacementSources
  readonly #seats = new Map<SessionId, IsolateHandle>()
  readonly #held = new HeldRuns()

  constructor(sources: PlacementSources) {
    this.#sources = sources
  }

  get handles(): readonly IsolateHandle[] {
    const { own, supervisor } = this.#sources
    return own === null ? supervisor.all : own.handles
  }

  run(request: RunRequest): Promise<RunOutcome> {
    const { target } = request
    // Most projects have few database methods, and each connection runs them: what is not there needs no hop.
    if (target.kind === 'database' && !this.#sources.contents.database.has(target.name)) return Promise.resolve(nothingToRun)
    return new Promise((resolve) => this.#start(wantRun(request, resolve)))
  }

  /** The isolate of this run ended before it had begun: it begins elsewhere, at most twice (rule X26). */
  runAgain(run: WantedRun, handle: IsolateHandle, why: string): void {
    if (run.tries < mostTries) {
      run.tries++
      this.#start(run)
    } else settleRun(run, notStarted(why, handle.facts.id))
  }

  /** These were taken back from an isolate that does not answer: whose session runs nothing else there moves, the others' wait for it. */
  runElsewhere(runs: readonly WantedRun[], handle: IsolateHandle, culprit: SessionId | null): void {
    this.#leaveIdle(handle, culprit)
    for (const run of runs) this.#start(run)
  }

  /** False where the call is not held here. */
  cancelHeld(call: CallId, reason: string): boolean {
    return this.#held.cancel(call, reason)
  }

  signalHeld(call: CallId, reason: string): void {
    this.#held.signal(call, reason)
  }

  abort(call: CallId, reason: string): Promise<AbortOutcome> | null {
    if (this.#held.cancel(call, reason)) return Promise.resolve('yielded')
    for (const handle of this.handles) {
      const outcome = handle.abort(call, reason)
      if (outcome !== null) return outcome
    }
    return null
  }

  /** Whether anybody but this session waits for the isolate. */
  isAwaited(handle: IsolateHandle, besides: SessionId | null): boolean {
    return handle.isAwaitedBeside(besides) || this.#held.has(handle, besides)
  }

  /** The isolate does not answer: whoever has nothing running there is placed elsewhere with the next call. */
  flee(handle: IsolateHandle, culprit: SessionId | null): void {
    this.#sources.supervisor.standIn()
    this.#leaveIdle(handle, culprit)
  }

  /** The isolate answers again. */
  returnTo(handle: IsolateHandle): void {
    this.#sources.supervisor.standDown(handle)
    this.#release(handle)
  }

  /** The isolate is gone: its sessions are placed again when they next run something. */
  forgetIsolate(handle: IsolateHandle): void {
    for (const sessionId of handle.sessions.keys()) {
      if (this.#seats.get(sessionId) === handle) this.#seats.delete(sessionId)
    }
    this.#sources.own?.forget(handle)
    this.#release(handle)
  }

  leave(sessionId: SessionId, from = this.#seats.get(sessionId)): void {
    from?.leave(sessionId)
    if (this.#seats.get(sessionId) === from) this.#seats.delete(sessionId)
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

  /** Whose own isolate it is, if it is anybody's. */
  ownerOf(handle: IsolateHandle): SessionId | null {
    return this.#sources.supervisor.own.includes(handle) ? (handle.sessions.keys().next().value ?? null) : null
  }

  /** Ends isolates of sessions that are gone or out of quarantine, and those that stood in, once nothing runs there. False: none is left. */
  endUnwanted(): boolean {
    const { supervisor, quarantine } = this.#sources
    for (const handle of supervisor.own) {
      if (handle.callsRunning > 0) continue
      for (const sessionId of [...handle.sessions.keys()]) if (!quarantine.has(sessionId)) this.leave(sessionId, handle)
      if (handle.sessions.size === 0) void handle.stop()
    }
    for (const handle of supervisor.leaving) {
      this.#leaveIdle(handle, null)
      if (handle.sessions.size === 0 && handle.callsRunning === 0) void handle.stop()
    }
    return supervisor.own.length > 0 || supervisor.leaving.length > 0
  }

  stop(): Promise<void> {
    this.#held.dropAll()
    return (this.#sources.own ?? this.#sources.supervisor).stop()
  }

  /** Sessions with nothing running there are placed elsewhere with their next call. */
  #leaveIdle(handle: IsolateHandle, except: SessionId | null): void {
    for (const sessionId of [...handle.sessions.keys()]) if (sessionId !== except && !handle.runsFor(sessionId)) this.leave(sessionId, handle)
  }

  #start(run: WantedRun): void {
    try {
      this.#startAtSeat(run)
    } catch (error) {
      settleRun(run, { ok: false, error: toErrorBody(error), isolate: null })
    }
  }

  /** @throws TesseraError `PAYLOAD_TOO_LARGE` where no message can hold what the session or the process has. */
  #startAtSeat(run: WantedRun): void {
    const { process } = run.request
    const handle = this.#seatOf(process.sessionId)
    if ('code' in handle) settleRun(run, { ok: false, error: handle, isolate: null })
    else if (handle.isBlocked) this.#held.add(handle, run)
    else {
      if (!handle.hasProcess(process.sessionId, process.id)) handle.openProcess(process, this.#sources.variables.of(process.sessionId, process.id))
      handle.run(run)
    }
  }

  #seatOf(sessionId: SessionId): IsolateHandle | ErrorBody {
    const seat = this.#seats.get(sessionId)
    if (seat === undefined) return this.#place(sessionId)
    if (this.#sources.quarantine.isEmpty || !this.#mustMove(sessionId, seat)) return seat
    this.leave(sessionId)
    return this.#place(sessionId)
  }

  /** Into quarantine, as soon as nothing of the session runs where it is. */
  #mustMove(sessionId: SessionId, seat: IsolateHandle): boolean {
    const { own, quarantine, supervisor } = this.#sources
    return own === null && quarantine.has(sessionId) && !supervisor.own.includes(seat) && !seat.runsFor(sessionId)
  }

  #place(sessionId: SessionId): IsolateHandle | ErrorBody {
    const { own, supervisor, quarantine } = this.#sources
    const seed = this.#sources.seed(sessionId)
    if (seed === null) return { code: 'SESSION_ENDED', message: 'The session of this call has ended.' }
    const handle = own !== null ? own.take(sessionId) : quarantine.has(sessionId) ? supervisor.startOwn() : leastLoaded(supervisor.handles)
    if (handle === undefined) return toErrorBody(noIsolate(own === null && quarantine.has(sessionId) ? supervisor.ownRetryAfterMs : supervisor.retryAfterMs))
    handle.placeSession(seed)
    this.#seats.set(sessionId, handle)
    return handle
  }

  #release(handle: IsolateHandle): void {
    for (const run of this.#held.take(handle)) this.#start(run)
  }
}

const nothingToRun: RunOutcome = { ok: true, value: 'null', isolate: '' }

/** One that still loads takes sessions too, when the others are far fuller: their calls wait for it. */
const leastLoaded = (handles: readonly IsolateHandle[]): IsolateHandle | undefined =>
  handles.reduce<IsolateHandle | undefined>(
    (best, handle) => (handle.isBlocked || (best !== undefined && loadOf(handle) >= loadOf(best)) ? best : handle),
    undefined,
  )

const loadingCostsSessions = 100

const loadOf = (handle: IsolateHandle): number => handle.sessions.size + handle.callsRunning + (handle.isReady ? 0 : loadingCostsSessions)
