import type { DatabaseMethodName, HostAnswers, HostRequest, MethodFacts, RunTimings, SessionId } from '@tessera/core'
import { encodeStorable, payloadText, type StorableText, TesseraError, toErrorBody } from '@tessera/protocol/values'
import { type Half, type LoadedFunction, loadHalf } from '../half.ts'
import type { Down, EndedMessage, LogLevel, RunMessage, Up, VariableChange } from '../messages.ts'
import { checkArguments, parseArguments } from './arguments.ts'
import { Asks } from './asks.ts'
import { type BeginGate, openGate } from './begin-gate.ts'
import { Call, type CallRoom } from './call.ts'
import { failureOf } from './failure.ts'
import { installServerKitHost } from './kit-host-on-server.ts'
import { LogBudget } from './log-budget.ts'
import type { ProjectProcess } from './project-process.ts'
import { RunQueue } from './run-queue.ts'
import { runInCall } from './scope.ts'
import type { ServerSession } from './session.ts'
import { SessionsHere } from './sessions-here.ts'
import type { SharedStorage } from './shared-storage.ts'

/** What an isolate is told of its surroundings, and tells them past its messages. */
export interface IsolateTies {
  /** Of each run, right before its first line. */
  onBegin: (run: number) => void
  /** A method is about to begin that has not ended here yet: should it never yield, what was said before must have left (rule X29). */
  onDoubt: () => void
  /** Asked before each run. */
  gate: BeginGate
}

interface WaitingRun {
  message: RunMessage
  process: ProjectProcess
  /** Counted from the isolate's start, as its host counts what it sends. */
  number: number
  /** What its signal was told while it waited. */
  signalled?: string
  /** It was about to begin. */
  isNoted?: true
}

/**
 * The inside of an isolate: one version's code, the sessions placed here, and the calls that run. The same in a child
 * process and in the server's own; only the way up differs.
 */
export class Isolate implements CallRoom {
  readonly #send: (message: Up) => void
  readonly #ties: IsolateTies
  readonly #queue = new RunQueue<WaitingRun>({
    mayBegin: () => this.#ties.gate.isOpen,
    begin: (run) => this.#begin(run),
    now: () => performance.now(),
    later: setImmediate,
  })
  readonly #calls = new Map<Call['id'], Call>()
  readonly #here = new SessionsHere()
  readonly #asks = new Asks()
  readonly #budget = new LogBudget(() => performance.now())
  /** As the host counts them: by their place in what it was told of the code. */
  #methods: ReadonlyMap<string, number> = new Map()
  /** Methods that have ended here. */
  readonly #ended = new Set<string>()
  #runs = 0
  #half: Half | null = null
  /** What came before the code was loaded. */
  #waiting: LaterDown[] = []

  constructor(send: (message: Up) => void, ties: IsolateTies = { onBegin: () => {}, onDoubt: () => {}, gate: openGate }) {
    this.#send = send
    this.#ties = ties
  }

  receive(message: Down): void {
    this.receiveAll([message])
  }

  /** What came together. A run that comes alone begins at once; of several, sessions take turns (rule X27). */
  receiveAll(messages: readonly Down[]): void {
    for (const message of messages) {
      if (message.type === 'open') void this.#open(message.directory)
      else if (this.#half === null) this.#waiting.push(message)
      else this.#handle(message, messages.length === 1)
    }
    this.#queue.work()
  }

  ask<Kind extends HostRequest['kind']>(call: Call, request: Extract<HostRequest, { kind: Kind }>, subscribe: boolean): Promise<HostAnswers[Kind]> {
    const { id, process, refusal } = call
    if (refusal !== null) return Promise.reject(refusal)
    const answer = this.#asks.add<Kind>(request.kind, (ask) => this.#send({ type: 'ask', ask, call: id, process: process.facts.id, request, subscribe }))
    if (call.timer !== null && request.kind.startsWith('storage.')) call.timer.waitForStorage(answer)
    return answer
  }

  storageOf(call: Call, id: SessionId): Promise<SharedStorage | null> {
    return this.#here.storageOf(call, id)
  }

  sessionOf(call: Call, id: SessionId): Promise<ServerSession | null> {
    return this.#here.sessionOf(call, id)
  }

  progressed(call: Call, fraction: number, text: string): void {
    this.#send({ type: 'progressed', call: call.id, process: call.process.facts.id, fraction, text })
  }

  log(level: LogLevel, text: string, call: Call | null): void {
    const line = this.#budget.take(text)
    if (line === null) return
    this.#send({
      type: 'log',
      level,
      text: line,
      method: call?.methodName ?? null,
      sessionId: call?.process.facts.sessionId ?? null,
      request: call?.request ?? null,
    })
  }

  /** What nobody caught ends its call where that still runs (rule X6); otherwise it is told to the log. */
  strayError(error: unknown, call: Call | undefined): void {
    if (call !== undefined && this.#calls.has(call.id)) {
      this.#fail(call, error)
      return
    }
    const { stack, message } = this.#half === null ? toErrorBody(error) : failureOf(error, this.#half.places)
    this.log('error', `Thrown where nobody catches it: ${stack ?? message}`, call ?? null)
  }

  async #open(directory: string): Promise<void> {
    installServerKitHost()
    try {
      const half = await loadHalf(directory)
      this.#send({ type: 'ready', methods: [...half.methods.values()].map(methodFacts), database: [...half.database.keys()] })
      this.#half = half
      this.#methods = new Map([...half.methods.keys(), ...half.database.keys()].map((name, at) => [name, at]))
      this.receiveAll(this.#waiting.splice(0))
    } catch (error) {
      this.#send({ type: 'rejected', error: toErrorBody(error) })
    }
  }

  #handle(message: LaterDown, alone: boolean): void {
    switch (message.type) {
      case 'run':
        this.#run(message, alone)
        break
      case 'answer':
        this.#asks.answer(message.ask, message.answer)
        break
      case 'refused':
        this.#asks.refuse(message.ask, message.error)
        break
      case 'delta':
        this.#here.applyDelta(message.sessionId, message.delta)
        break
      case 'facts':
        this.#here.takeFacts(message.facts)
        break
      case 'session':
        this.#here.place(message.seed)
        break
      case 'session.close':
        this.#here.close(message.sessionId)
        break
      case 'process':
        this.#here.openProcess(message.process, message.variables)
        break
      case 'process.close':
        this.#here.closeProcess(message.process)
        break
      case 'signal':
        this.#signal(message.call, message.reason)
        break
      case 'cancel':
        this.#cancel(message)
        break
      case 'withdrawn':
        this.#takeBack(message)
        break
    }
  }

  #signal(id: Call['id'], reason: string): void {
    const call = this.#calls.get(id)
    if (call !== undefined) runInCall(call, () => call.signal.abort(reason))
    const waiting = this.#queue.find(({ message }) => message.call === id)
    if (waiting !== undefined) waiting.signalled = reason
  }

  /** Its listeners may still ask the engine for something as they are told: those are its last words. */
  #cancel({ call: id, reason, letGo }: Extract<Down, { type: 'cancel' }>): void {
    const waiting = this.#queue.remove(({ message }) => message.call === id)
    if (waiting !== undefined) this.#refuse(waiting, new TesseraError('CALL_CANCELLED', reason))
    const call = this.#calls.get(id)
    if (call === undefined) return
    runInCall(call, () => call.cancel(reason))
    if (letGo === true) this.#fail(call, call.refusal)
  }

  #takeBack({ runs, closing }: Extract<Down, { type: 'withdrawn' }>): void {
    const withdrawn = new Set(runs)
    if (withdrawn.size > 0) this.#queue.removeAll(({ number }) => withdrawn.has(number))
    this.#ties.gate.open(closing)
  }

  #run(message: RunMessage, alone: boolean): void {
    const number = ++this.#runs
    const process = this.#here.process(message.process)
    if (process === undefined) {
      this.#refuse({ message, number }, new TesseraError('PROCESS_NOT_FOUND', 'The process of this call is closed.'))
    } else if (alone && this.#queue.isEmpty) this.#begin({ message, process, number })
    else this.#queue.add(process.facts.sessionId, { message, process, number })
  }

  /** Whatever is answered is noted as begun: whoever reads the notes counts on it. */
  #refuse({ message: { call, process }, number }: Pick<WaitingRun, 'message' | 'number'>, error: TesseraError): void {
    this.#ties.onBegin(number)
    this.#send({ type: 'failed', call, process, error: toErrorBody(error), variables: [] })
  }

  /** Noted first, then asked: whoever closes the gate and reads the notes afterwards knows of all that begins. */
  #begin(run: WaitingRun): void {
    const { message, process, number, signalled } = run
    const { name } = message.target
    if (!this.#ended.has(name)) this.#ties.onDoubt()
    if (run.isNoted !== true) this.#ties.onBegin(number)
    if (!this.#ties.gate.isOpen) {
      run.isNoted = true
      this.#queue.putBack(process.facts.sessionId, run)
      return
    }
    const { request, resultBytes } = message
    const marks = { run: number, method: this.#methods.get(name) ?? -1 }
    const call = new Call(this, { id: message.call, method: name, process, marks, request, timed: message.timed === true, resultBytes })
    call.promoted = message.promoted ?? []
    this.#calls.set(call.id, call)
    if (signalled !== undefined) call.signal.abort(signalled)
    runInCall(call, () => this.#start(call, message))
  }

  #start(call: Call, message: RunMessage): void {
    try {
      const returned = invoke(message, this.#half)
      if (isThenable(returned))
        Promise.resolve(returned).then(
          (value) => this.#end(call, value),
          (error) => this.#fail(call, error),
        )
      else this.#end(call, returned)
    } catch (error) {
      this.#fail(call, error)
    }
  }

  #end(call: Call, value: unknown): void {
    if (!this.#calls.has(call.id)) return
    if (call.owed.length > 0) {
      void Promise.all(call.owed.splice(0)).then(
        () => this.#end(call, value),
        (error: unknown) => this.#fail(call, error),
      )
      return
    }
    try {
      const text = checkSize(call, encodeResult(call, value))
      const { changes, problem } = call.process.variables.takeChanges()
      if (problem === null) this.#sendEnded(call, text, changes)
      else this.#fail(call, problem, changes)
    } catch (error) {
      this.#fail(call, error)
    }
  }

  #sendEnded(call: Call, value: StorableText, variables: readonly VariableChange[]): void {
    try {
      const ended: EndedMessage = { type: 'ended', call: call.id, process: call.process.facts.id, value, variables }
      if (call.timer !== null) ended.timings = call.timer.timings()
      this.#send(ended)
      this.#ended.add(call.methodName)
      this.#forget(call)
    } catch (error) {
      this.#fail(call, error, variables)
    }
  }

  /** What was lent to the call goes with it, for what the call left behind too. */
  #forget(call: Call): boolean {
    call.promoted = []
    return this.#calls.delete(call.id)
  }

  #fail(call: Call, thrown: unknown, known?: readonly VariableChange[]): void {
    if (!this.#forget(call) || this.#half === null) return
    const variables = known ?? call.process.variables.takeChanges().changes
    const failed = { type: 'failed', call: call.id, process: call.process.facts.id, error: failureOf(thrown, this.#half.places), ...timingsOf(call) } as const
    try {
      this.#send({ ...failed, variables })
    } catch {
      // Variables that no message can hold: the caller must hear of its call all the same.
      this.#send({ ...failed, variables: [] })
    }
  }
}

const timingsOf = ({ timer }: Call): { timings?: RunTimings } => (timer === null ? {} : { timings: timer.timings() })

type LaterDown = Exclude<Down, { type: 'open' }>

const methodFacts = ({ name, onServer }: LoadedFunction): MethodFacts => ({
  name,
  onServer: onServer !== null,
  exposed: onServer?.exposed ?? false,
  groups: onServer?.groups ?? [],
  deadlineMs: onServer?.deadlineMs ?? null,
})

const invoke = (message: RunMessage, half: Half | null): unknown => {
  const { fn, onServer } = needFunction(message, half)
  const args = parseArguments(payloadText(message.args))
  return fn(...(onServer?.input === undefined ? args : checkArguments(onServer.input, args)))
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'

/** A method that clients may not call does not exist for them (rule X8). */
const needFunction = ({ target, onServerOnly }: RunMessage, half: Half | null): LoadedFunction => {
  const found = target.kind === 'method' ? half?.methods.get(target.name) : half?.database.get(target.name satisfies DatabaseMethodName)
  if (found === undefined || (onServerOnly && target.kind === 'method' && found.onServer === null)) {
    throw new TesseraError('METHOD_NOT_FOUND', `There is no method "${target.name}" to call.`)
  }
  return found
}

const encodeResult = (call: Call, value: unknown): string => {
  try {
    return encodeStorable(value)
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause)
    throw new TesseraError('RESULT_NOT_STORABLE', `The result of "${call.methodName}" cannot be sent. ${what}`, { cause })
  }
}

/** No character takes more than three bytes: most results are far too short to be counted. */
const checkSize = (call: Call, text: StorableText): StorableText => {
  if (text.length * 3 <= call.resultBytes) return text
  const bytes = Buffer.byteLength(text)
  if (bytes <= call.resultBytes) return text
  throw new TesseraError('RESULT_TOO_LARGE', `The result of "${call.methodName}" has ${bytes} bytes; at most ${call.resultBytes} can be sent.`)
}
