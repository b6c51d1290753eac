import type {
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
import { type ErrorBody, fromErrorBody, TesseraError, toErrorBody } from '@tessera/protocol'
import type { IsolateLink, StartLink } from './isolate-link.ts'
import type { Answer, AskMessage, Down, EndedMessage, RunMessage, Up, VariableChange } from './messages.ts'

/** What an isolate says of its code once it is loaded. */
export interface CodeContents {
  methods: readonly MethodFacts[]
  database: ReadonlySet<string>
}

/** Whom a handle tells what its isolate says. */
export interface HandleEvents {
  onReady(handle: IsolateHandle): void
  onEnded(handle: IsolateHandle, why: string, callsLost: number): void
  onAsk(handle: IsolateHandle, message: AskMessage, caller: HostCaller): void
  onProgress(caller: HostCaller, fraction: number, text: string): void
  onVariables(sessionId: SessionId, process: ProcessId, changes: readonly VariableChange[]): void
  onLog(handle: IsolateHandle, message: Extract<Up, { type: 'log' }>): void
}

interface RunningCall {
  request: RunRequest
  /** Counted from the isolate's start, as the isolate counts what it takes. */
  number: number
  /** Null once the caller has its outcome while the method still runs. */
  settle: ((outcome: RunOutcome) => void) | null
}

/** One isolate as the server sees it: what is placed there and what runs there. */
export class IsolateHandle {
  readonly facts: IsolateFacts
  /** Resolves when all code is loaded. @throws TesseraError `VERSION_REJECTED`. */
  readonly opened: Promise<CodeContents>
  readonly #link: IsolateLink
  readonly #events: HandleEvents
  readonly #sessions = new Map<SessionId, Set<ProcessId>>()
  /** Sessions whose storage code here asked for, wherever they are placed. */
  readonly #watched = new Set<SessionId>()
  readonly #calls = new Map<CallId, RunningCall>()
  #settleOpened: { resolve: (contents: CodeContents) => void; reject: (error: unknown) => void } | null = null
  #state: 'loading' | 'ready' | 'ended' = 'loading'
  #wasReady = false
  #runsSent = 0
  #runsTaken = 0

  constructor(code: { id: string; digest: IsolateFacts['digest']; directory: string }, startLink: StartLink, events: HandleEvents) {
    this.#events = events
    this.opened = new Promise((resolve, reject) => {
      this.#settleOpened = { resolve, reject }
    })
    this.#link = startLink({ onMessage: (message) => this.#receive(message), onEnded: (why, complete) => this.#end(why, complete) })
    this.facts = { id: code.id, digest: code.digest, pid: this.#link.pid }
    this.#link.send({ type: 'open', id: code.id, directory: code.directory })
  }

  /** Whether its start was told, so that its end must be. */
  get wasReady(): boolean {
    return this.#wasReady
  }

  get isReady(): boolean {
    return this.#state === 'ready'
  }

  get sessions(): ReadonlyMap<SessionId, ReadonlySet<ProcessId>> {
    return this.#sessions
  }

  /** Placed here, or watched by code here. */
  heldSessions(): ReadonlySet<SessionId> {
    return new Set([...this.#sessions.keys(), ...this.#watched])
  }

  get callsRunning(): number {
    return this.#calls.size
  }

  run(request: RunRequest): Promise<RunOutcome> {
    return new Promise((resolve) => {
      try {
        this.#link.send(runMessage(request))
        this.#calls.set(request.call, { request, number: ++this.#runsSent, settle: resolve })
      } catch (error) {
        resolve({ ok: false, error: toErrorBody(error), isolate: this.facts.id })
      }
    })
  }

  /** False where the call does not run here. */
  cancel(id: CallId, reason: string): boolean {
    const call = this.#calls.get(id)
    if (call === undefined) return false
    this.#settle(call, { ok: false, error: { code: 'CALL_CANCELLED', message: reason }, isolate: this.facts.id })
    this.#send({ type: 'cancel', call: id, reason })
    return true
  }

  placeSession(seed: SessionSeed): void {
    this.#sessions.set(seed.facts.id, new Set())
    this.#send({ type: 'session', seed })
  }

  hasProcess(sessionId: SessionId, process: ProcessId): boolean {
    return this.#sessions.get(sessionId)?.has(process) ?? false
  }

  openProcess(process: ProcessFacts, variables: readonly VariableChange[]): void {
    this.#sessions.get(process.sessionId)?.add(process.id)
    this.#send({ type: 'process', process, variables })
  }

  closeProcess(sessionId: SessionId, process: ProcessId): void {
    if (this.#sessions.get(sessionId)?.delete(process)) this.#send({ type: 'process.close', process })
  }

  /** The session is placed elsewhere from now on; its storage may still be watched here. */
  leave(sessionId: SessionId): void {
    for (const process of this.#sessions.get(sessionId) ?? []) this.#send({ type: 'process.close', process })
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
    this.#loseCalls('the server stopped its isolate', false)
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
        this.#runsTaken = Math.max(this.#runsTaken, message.runs)
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
    this.#settleOpened?.resolve({ methods: message.methods, database: new Set(message.database) })
    this.#events.onReady(this)
  }

  #endCall(message: { call: CallId; process: ProcessId; variables: readonly VariableChange[] }, outcome: RunOutcome): void {
    const call = this.#calls.get(message.call)
    if (call === undefined) return
    this.#calls.delete(message.call)
    const { sessionId } = call.request.process
    // Variables of a process that is closed by now are nobody's.
    if (message.variables.length > 0 && this.hasProcess(sessionId, message.process)) {
      this.#events.onVariables(sessionId, message.process, message.variables)
    }
    this.#settle(call, outcome)
  }

  #settle(call: RunningCall, outcome: RunOutcome): void {
    call.settle?.(outcome)
    call.settle = null
  }

  #ask(message: AskMessage): void {
    const caller = this.#callerOf(message)
    if (caller === null) this.refuse(message.ask, toErrorBody(new TesseraError('PROCESS_NOT_FOUND', 'The process that asks is closed.')))
    else this.#events.onAsk(this, message, caller)
  }

  /** Also for what a method left running behind its call, as long as its process is open. */
  #callerOf({ call, process }: { call: CallId; process: ProcessId }): HostCaller | null {
    const running = this.#calls.get(call)?.request.process.sessionId
    const sessionId = running ?? [...this.#sessions].find(([, processes]) => processes.has(process))?.[0]
    return sessionId === undefined ? null : { call, process, sessionId, digest: this.facts.digest }
  }

  #end(why: string, complete: boolean): void {
    const lost = this.#loseCalls(why, complete)
    this.#state = 'ended'
    this.#settleOpened?.reject(new TesseraError('VERSION_REJECTED', `The isolate ended while it loaded the package's code: ${why}.`))
    this.#events.onEnded(this, why, lost)
  }

  /** `complete`: what the isolate did not take, or took before its code was loaded, surely did not start. */
  #loseCalls(why: string, complete: boolean): number {
    const lost = [...this.#calls.values()].filter((call) => call.settle !== null)
    this.#calls.clear()
    const started = this.#state === 'loading' ? 0 : this.#runsTaken
    for (const call of lost) {
      const error = complete && call.number > started ? notStarted(why) : interrupted(why)
      this.#settle(call, { ok: false, error, isolate: this.facts.id })
    }
    return lost.length
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

const notStarted = (why: string): ErrorBody => ({ code: 'CALL_NOT_STARTED', message: `The call had not started when its isolate ended: ${why}.` })
const interrupted = (why: string): ErrorBody => ({ code: 'CALL_INTERRUPTED', message: `The call was running when its isolate ended: ${why}.` })
