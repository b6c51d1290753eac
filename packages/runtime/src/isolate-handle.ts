import type {
  AbortOutcome,
  CallId,
  Delta,
  HostCaller,
  IsolateFacts,
  MethodFacts,
  ProcessFacts,
  ProcessId,
  RunOutcome,
  RunRequest,
  RunTimings,
  SessionFacts,
  SessionId,
  SessionSeed,
} from '@tessera/core'
import { type ErrorBody, fromErrorBody, TesseraError, toErrorBody } from '@tessera/protocol/values'
import { Aborts } from './aborts.ts'
import type { BegunRuns } from './begun-log.ts'
import type { IsolateLink, StartLink } from './isolate-link.ts'
import { IsolateWatch } from './isolate-watch.ts'
import type { Answer, AskMessage, Down, EndedMessage, RunMessage, Up, VariableChange } from './messages.ts'
import { RunsInFlight } from './runs-in-flight.ts'
import { cancelled, notStarted, settleRun, type WantedRun } from './wanted-run.ts'
import type { WatchReport } from './watch-report.ts'

/** What an isolate says of its code once it is loaded. */
export interface CodeContents {
  methods: readonly MethodFacts[]
  database: ReadonlySet<string>
}

/** Whom a handle tells what its isolate says. */
export interface HandleEvents {
  onReady(handle: IsolateHandle): void
  /** A call runs where none did. */
  onBusy(handle: IsolateHandle): void
  onEnded(handle: IsolateHandle, why: string, callsLost: number): void
  onAsk(handle: IsolateHandle, message: AskMessage, caller: HostCaller): void
  onProgress(caller: HostCaller, fraction: number, text: string): void
  onVariables(sessionId: SessionId, process: ProcessId, changes: readonly VariableChange[]): void
  onLog(handle: IsolateHandle, message: Extract<Up, { type: 'log' }>): void
  onWatch(handle: IsolateHandle, report: WatchReport): void
  /** Its isolate ended, but the run had surely not begun there. After `onEnded`. */
  onSpared(handle: IsolateHandle, run: WantedRun, why: string): void
}

/** One isolate as the server sees it: what is placed there and what runs there. */
export class IsolateHandle {
  /** Resolves when its process or thread is started: until then it waits for others that start. */
  readonly started: Promise<void>
  /** Resolves when all code is loaded. @throws TesseraError `VERSION_REJECTED`. */
  readonly opened: Promise<CodeContents>
  readonly #link: IsolateLink
  readonly #events: HandleEvents
  readonly #sessions = new Map<SessionId, Set<ProcessId>>()
  /** Sessions whose storage code here asked for, wherever they are placed. */
  readonly #watched = new Set<SessionId>()
  readonly #runs = new RunsInFlight()
  readonly #aborts = new Aborts()
  /** The last one that was answered. */
  #closing = 0
  readonly seen = new IsolateWatch()
  #facts: IsolateFacts
  #settleOpened: { resolve: (contents: CodeContents) => void; reject: (error: unknown) => void } | null = null
  #state: 'loading' | 'ready' | 'ended' = 'loading'
  #wasReady = false
  #isBlocked = false
  #isStopping = false

  constructor(code: { id: string; digest: IsolateFacts['digest']; directory: string }, startLink: StartLink, events: HandleEvents) {
    this.#events = events
    this.opened = new Promise((resolve, reject) => {
      this.#settleOpened = { resolve, reject }
    })
    this.#link = startLink({
      onMessage: (message) => {
        if (this.#state !== 'ended') this.#receive(message)
      },
      onWatch: (report) => {
        if (this.#state !== 'ended') this.#events.onWatch(this, report)
      },
      onEnded: (why, complete, begun = null) => this.#end(why, complete, begun),
    })
    this.#facts = { id: code.id, digest: code.digest, pid: this.#link.pid }
    this.started = (this.#link.started ?? Promise.resolve()).then(() => {
      this.#facts = { ...this.#facts, pid: this.#link.pid }
    })
    this.#link.send({ type: 'open', id: code.id, directory: code.directory })
  }

  get facts(): IsolateFacts {
    return this.#facts
  }

  /** Whether its start was told, so that its end must be. */
  get wasReady(): boolean {
    return this.#wasReady
  }

  /** It ends because the server wants it to. */
  get isStopping(): boolean {
    return this.#isStopping
  }

  get isReady(): boolean {
    return this.#state === 'ready'
  }

  /** It does not answer: nothing is sent there that could go elsewhere. */
  get isBlocked(): boolean {
    return this.#isBlocked
  }

  setBlocked(isBlocked: boolean): void {
    this.#isBlocked = isBlocked
  }

  get sessions(): ReadonlyMap<SessionId, ReadonlySet<ProcessId>> {
    return this.#sessions
  }

  /** Placed here, or watched by code here. */
  heldSessions(): ReadonlySet<SessionId> {
    return new Set([...this.#sessions.keys(), ...this.#watched])
  }

  get callsRunning(): number {
    return this.#runs.size
  }

  /** All that it was ever given to run. */
  get runsSent(): number {
    return this.#runs.sent
  }

  /** Whether anything of the session runs here or waits to. */
  runsFor(sessionId: SessionId): boolean {
    return this.#runs.isFor(sessionId)
  }

  /** Whether somebody else than this session waits for an outcome from here. */
  isAwaitedBeside(sessionId: SessionId | null): boolean {
    return this.#runs.isAwaitedBeside(sessionId)
  }

  run(run: WantedRun): void {
    try {
      this.#link.send(runMessage(run.request))
      this.#runs.add(run)
      if (this.#runs.size === 1) this.#events.onBusy(this)
      if (run.signalled !== null) this.#send({ type: 'signal', call: run.request.call, reason: run.signalled })
    } catch (error) {
      settleRun(run, { ok: false, error: toErrorBody(error), isolate: this.facts.id })
    }
  }

  /**
   * It does not answer, and begins nothing until it hears what was taken back: all that had surely not begun, which is to be run
   * elsewhere (rule X30). Each closing is answered once.
   */
  withdraw(closing: number): readonly WantedRun[] {
    if (closing <= this.#closing) return []
    this.#closing = closing
    const runs = this.#state === 'ready' ? this.#runs.withdraw(this.#link.begun()) : []
    this.#send({ type: 'withdrawn', closing, runs: runs.map(({ number }) => number) })
    return runs
  }

  /** False where the call does not run here. */
  cancel(id: CallId, reason: string): boolean {
    return this.#cancel(id, { type: 'cancel', call: id, reason }) !== null
  }

  /** Ends the call, and the isolate with it where that does not let go. Null where the call does not run here. */
  abort(id: CallId, reason: string): Promise<AbortOutcome> | null {
    const known = this.#aborts.of(id)
    if (known !== undefined) return known
    const run = this.#cancel(id, { type: 'cancel', call: id, reason, letGo: true })
    if (run === null) return null
    // Nothing has begun before all code is loaded: the run is let go as soon as its turn comes.
    return this.#state === 'loading' ? Promise.resolve('yielded') : this.#aborts.add(id, () => this.#endUnyielding(run, reason))
  }

  /** Where another's loop is in the way nothing of the call runs: it is let go as soon as its turn comes (rule P89). */
  #endUnyielding({ request: { call, process, target } }: WantedRun, reason: string): void {
    const { stuckIn } = this.seen
    if (stuckIn !== null && stuckIn.processId !== process.id) this.#aborts.yielded(call)
    else this.kill(`"${target.name}" was aborted and did not let go: ${reason}`)
  }

  /** As `cancel`, but the call ends as it ends. */
  signal(id: CallId, reason: string): boolean {
    const run = this.#runs.get(id)
    if (run === undefined) return false
    run.signalled = reason
    this.#send({ type: 'signal', call: id, reason })
    return true
  }

  /** @throws TesseraError `PAYLOAD_TOO_LARGE`; nothing is placed then. */
  placeSession(seed: SessionSeed): void {
    this.#send({ type: 'session', seed })
    this.#sessions.set(seed.facts.id, new Set())
  }

  hasProcess(sessionId: SessionId, process: ProcessId): boolean {
    return this.#sessions.get(sessionId)?.has(process) ?? false
  }

  /** @throws TesseraError `PAYLOAD_TOO_LARGE`; nothing is opened then. */
  openProcess(process: ProcessFacts, variables: readonly VariableChange[]): void {
    this.#send({ type: 'process', process, variables })
    this.#sessions.get(process.sessionId)?.add(process.id)
    this.seen.open(process)
  }

  closeProcess(sessionId: SessionId, process: ProcessId): void {
    if (!this.#sessions.get(sessionId)?.delete(process)) return
    this.seen.close(process)
    this.#send({ type: 'process.close', process })
  }

  /** The session is placed elsewhere from now on; its storage may still be watched here. */
  leave(sessionId: SessionId): void {
    for (const process of this.#sessions.get(sessionId) ?? []) this.closeProcess(sessionId, process)
    if (this.#sessions.delete(sessionId) && !this.#watched.has(sessionId)) this.#send({ type: 'session.close', sessionId })
  }

  watch(sessionId: SessionId): void {
    this.#watched.add(sessionId)
  }

  unwatch(sessionId: SessionId): void {
    this.#watched.delete(sessionId)
  }

  closeSession(sessionId: SessionId): void {
    const held = this.#holds(sessionId)
    this.seen.closeSession(sessionId)
    this.#sessions.delete(sessionId)
    this.#watched.delete(sessionId)
    if (held) this.#send({ type: 'session.close', sessionId })
  }

  pushDelta(sessionId: SessionId, delta: Delta): void {
    if (this.#holds(sessionId)) this.#send({ type: 'delta', sessionId, delta })
  }

  pushFacts(facts: SessionFacts): void {
    if (this.#holds(facts.id)) this.#send({ type: 'facts', facts })
  }

  answer(ask: number, answer: Answer): void {
    try {
      this.#send({ type: 'answer', ask, answer })
    } catch (error) {
      this.refuse(ask, toErrorBody(error))
    }
  }

  refuse(ask: number, error: ErrorBody): void {
    this.#send({ type: 'refused', ask, error })
  }

  kill(why: string): void {
    this.#link.kill(why)
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    const why = 'the server stopped its isolate'
    const { spared } = this.#runs.lose({ why, isolate: this.facts.id, noneBegan: this.#state === 'loading', complete: false, begun: null })
    for (const run of spared) settleRun(run, notStarted(why, this.facts.id))
    await this.#link.stop()
  }

  #holds(sessionId: SessionId): boolean {
    return this.#sessions.has(sessionId) || this.#watched.has(sessionId)
  }

  #send(message: Down): void {
    if (this.#state !== 'ended') this.#link.send(message)
  }

  #receive(message: Up): void {
    switch (message.type) {
      case 'ended':
        this.#endCall(message, endedOutcome(message, this.facts.id))
        break
      case 'failed':
        this.#endCall(message, { ok: false, error: message.error, isolate: this.facts.id, ...timingsIn(message) })
        break
      case 'taken':
        this.#runs.take(message.runs)
        break
      case 'ask':
        this.#ask(message)
        break
      case 'progressed': {
        const caller = this.#callerOf(message)
        if (caller !== null) this.#events.onProgress(caller, message.fraction, message.text)
        break
      }
      case 'log':
        this.#events.onLog(this, message)
        break
      case 'ready':
        this.#ready(message)
        break
      case 'rejected':
        this.#settleOpened?.reject(fromErrorBody(message.error))
        this.kill('its code could not be loaded')
        break
    }
  }

  #ready(message: Extract<Up, { type: 'ready' }>): void {
    this.#state = 'ready'
    this.#wasReady = true
    this.seen.know([...message.methods.map(({ name }) => name), ...message.database])
    this.#settleOpened?.resolve({ methods: message.methods, database: new Set(message.database) })
    this.#events.onReady(this)
  }

  #endCall(message: { call: CallId; process: ProcessId; variables: readonly VariableChange[] }, outcome: RunOutcome): void {
    const call = this.#runs.answer(message.call)
    if (call === undefined) return
    this.#aborts.yielded(message.call)
    const { sessionId } = call.request.process
    // Variables of a process that is closed by now are nobody's.
    if (message.variables.length > 0 && this.hasProcess(sessionId, message.process)) {
      this.#events.onVariables(sessionId, message.process, message.variables)
    }
    settleRun(call, outcome)
  }

  #cancel(id: CallId, message: Extract<Down, { type: 'cancel' }>): WantedRun | null {
    const run = this.#runs.get(id)
    if (run === undefined) return null
    settleRun(run, cancelled(message.reason, this.facts.id))
    this.#send(message)
    return run
  }

  #ask(message: AskMessage): void {
    const caller = this.#callerOf(message)
    if (caller === null) this.refuse(message.ask, toErrorBody(new TesseraError('PROCESS_NOT_FOUND', 'The process that asks is closed.')))
    else this.#events.onAsk(this, message, caller)
  }

  /** Also for what a method left running behind its call, as long as its process is open. */
  #callerOf({ call, process }: { call: CallId; process: ProcessId }): HostCaller | null {
    const running = this.#runs.get(call)?.request.process.sessionId
    const sessionId = running ?? [...this.#sessions].find(([, processes]) => processes.has(process))?.[0]
    return sessionId === undefined ? null : { call, process, sessionId, digest: this.facts.digest }
  }

  #end(why: string, complete: boolean, begun: BegunRuns | null): void {
    const { interrupted, spared } = this.#runs.lose({ why, isolate: this.facts.id, noneBegan: this.#state === 'loading', complete, begun })
    this.#state = 'ended'
    this.#settleOpened?.reject(new TesseraError('VERSION_REJECTED', `The isolate ended while it loaded the package's code: ${why}.`))
    this.#events.onEnded(this, why, interrupted)
    for (const run of spared) this.#events.onSpared(this, run, why)
    this.#aborts.killed()
  }
}

/** Filled in and not spread together: this is done for each call. */
const runMessage = ({ call, process, target, onServerOnly, args, resultBytes, promoted, request, timed }: RunRequest): RunMessage => {
  const message: RunMessage = { type: 'run', call, process: process.id, target, onServerOnly, args, resultBytes }
  if (promoted !== undefined) message.promoted = promoted
  if (request !== undefined) message.request = request
  if (timed !== undefined) message.timed = timed
  return message
}

const endedOutcome = ({ value, timings }: EndedMessage, isolate: string): RunOutcome =>
  timings === undefined ? { ok: true, value, isolate } : { ok: true, value, isolate, timings }

const timingsIn = ({ timings }: { timings?: RunTimings }): { timings?: RunTimings } => (timings === undefined ? {} : { timings })
