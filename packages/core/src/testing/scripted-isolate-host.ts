import { decodeStorable, type ErrorBody, encodeStorable, payloadText, type Storable, TesseraError, toErrorBody } from '@tessera/protocol'
import { asSessionId, type CallId, type Digest, type ProcessId, type SessionId } from '../ids.ts'
import type {
  AbortOutcome,
  HostAnswers,
  HostCaller,
  IsolateActivity,
  IsolateCode,
  IsolateFacts,
  IsolateGuest,
  IsolateHost,
  MethodFacts,
  ProcessCpu,
  RunOutcome,
  RunRequest,
  RunTimings,
  SessionFacts,
} from '../ports/isolate-host.ts'
import type { Delta } from '../storage/delta.ts'
import { Replica } from './replica.ts'
import { factsOf, methodOf, type Scope, type ScriptedCode, type ScriptedMethod } from './scripted-code.ts'
import { type Ask, ScriptedStorage } from './scripted-storage.ts'

interface Placed {
  replica: Replica
  facts: SessionFacts
}
interface OpenVersion {
  code: ScriptedCode
  isolate: IsolateFacts
  sessions: Map<SessionId, Placed>
}
interface InFlight {
  request: RunRequest
  signal: Scope['signal']
  end(outcome: RunOutcome): void
}

/** An isolate host whose project code is the functions of a test. It notes what a host should never be asked, in `faults`. */
export class ScriptedIsolateHost implements IsolateHost {
  readonly calls: RunRequest[] = []
  readonly faults: string[] = []
  /** Where the time of timed calls went, as far as this host can tell. */
  timings: RunTimings | null = null
  /** CPU that processes are said to have used. */
  readonly used = new Map<ProcessId, ProcessCpu>()
  /** What it says of the isolates of a version beside that they are well. */
  readonly troubles = new Map<Digest, Partial<Pick<IsolateActivity, 'state' | 'quarantined' | 'stuckIn'>>>()
  readonly #code = new Map<Digest, ScriptedCode>()
  readonly #versions = new Map<Digest, OpenVersion>()
  readonly #variables = new Map<ProcessId, Map<string, Storable>>()
  readonly #inFlight = new Map<CallId, InFlight>()
  #guest: IsolateGuest | null = null
  #started = 0
  #killed = false

  /** What the package of that digest holds. */
  load(digest: Digest, code: ScriptedCode): void {
    this.#code.set(digest, code)
  }

  attach(guest: IsolateGuest): void {
    this.#guest = guest
  }

  async openVersion({ digest }: IsolateCode): Promise<readonly MethodFacts[]> {
    const code = this.#code.get(digest) ?? {}
    if (code.broken !== undefined) throw new TesseraError('VERSION_REJECTED', 'The code cannot be loaded.', { problems: code.broken })
    if (this.#versions.has(digest)) this.faults.push(`opened twice: ${digest}`)
    this.#versions.set(digest, { code, isolate: this.#startIsolate(digest), sessions: new Map() })
    return factsOf(code)
  }

  async closeVersion(digest: Digest): Promise<void> {
    const version = this.#versions.get(digest)
    if (version === undefined) return
    this.#versions.delete(digest)
    this.#endIsolate(version.isolate, 'its version retired')
  }

  /** The version's isolate dies and is replaced, as when project code exhausts its memory. */
  crash(digest: Digest): void {
    const version = this.#versions.get(digest)
    if (version === undefined) return
    version.sessions.clear()
    this.#endIsolate(version.isolate, 'crashed')
    version.isolate = this.#startIsolate(digest)
  }

  /** The server is killed, and its isolates with it: nothing runs any more, and nobody hears what ran. */
  kill(): void {
    this.#killed = true
  }

  run(request: RunRequest): Promise<RunOutcome> {
    if (this.#killed) return new Promise(() => undefined)
    const version = this.#versions.get(request.digest)
    if (version === undefined) {
      this.faults.push(`run in a version that is closed: ${request.target.name} in ${request.digest}`)
      return Promise.resolve(failed({ code: 'CALL_NOT_STARTED', message: 'The version is closed.' }))
    }
    const placed = this.#place(version, request.process.sessionId)
    if (placed === null) return Promise.resolve(failed({ code: 'SESSION_ENDED', message: 'The session has ended.' }))
    const method = this.#methodOf(version.code, request)
    if (method === undefined) return Promise.resolve(failed({ code: 'METHOD_NOT_FOUND', message: `There is no method ${request.target.name}.` }))
    this.calls.push(request)
    return this.#begin(request, method, { version, placed })
  }

  cancel(call: CallId, reason: string): void {
    const running = this.#inFlight.get(call)
    if (running === undefined) return
    running.signal.aborted = true
    running.signal.reason = reason
    running.end(failed({ code: 'CALL_CANCELLED', message: reason }))
  }

  signal(call: CallId, reason: string): void {
    const running = this.#inFlight.get(call)
    if (running === undefined) return
    running.signal.aborted = true
    running.signal.reason = reason
  }

  pushDelta(sessionId: SessionId, delta: Delta): void {
    for (const { sessions } of this.#versions.values()) sessions.get(sessionId)?.replica.apply(delta)
  }

  pushFacts(facts: SessionFacts): void {
    for (const { sessions } of this.#versions.values()) {
      const placed = sessions.get(facts.id)
      if (placed !== undefined) placed.facts = facts
    }
  }

  closeProcess(_sessionId: SessionId, process: ProcessId): void {
    this.#variables.delete(process)
  }

  closeSession(sessionId: SessionId): void {
    for (const { sessions } of this.#versions.values()) sessions.delete(sessionId)
  }

  leaveVersion(sessionId: SessionId, digest: Digest): void {
    this.#versions.get(digest)?.sessions.delete(sessionId)
  }

  heldSessions(): ReadonlySet<SessionId> {
    return new Set([...this.#versions.values()].flatMap(({ sessions }) => [...sessions.keys()]))
  }

  abort(call: CallId, reason: string): Promise<AbortOutcome> {
    const outcome = this.#inFlight.has(call) ? 'yielded' : 'gone'
    this.cancel(call, reason)
    return Promise.resolve(outcome)
  }

  isolates(): readonly IsolateActivity[] {
    return [...this.#versions.values()].map(({ isolate, sessions }) => ({
      ...isolate,
      ...nothingMeasured,
      ...this.troubles.get(isolate.digest),
      sessions: sessions.size,
      callsRunning: this.#runningOn(isolate).length,
    }))
  }

  cpu(): ReadonlyMap<ProcessId, ProcessCpu> {
    return this.used
  }

  async stop(): Promise<void> {
    for (const digest of [...this.#versions.keys()]) await this.closeVersion(digest)
  }

  /** What it still holds of sessions that came and went: nothing, when the engine cleans up. */
  get held(): { replicas: number; variables: number; inFlight: number } {
    const replicas = [...this.#versions.values()].reduce((sum, { sessions }) => sum + sessions.size, 0)
    return { replicas, variables: this.#variables.size, inFlight: this.#inFlight.size }
  }

  #begin(request: RunRequest, method: ScriptedMethod, { version, placed }: { version: OpenVersion; placed: Placed }): Promise<RunOutcome> {
    const scope = this.#scope(request, version, placed)
    return new Promise((resolve) => {
      const end = (outcome: RunOutcome): void => {
        this.#inFlight.delete(request.call)
        if (!this.#killed) resolve(outcome)
      }
      this.#inFlight.set(request.call, { request, signal: scope.signal, end })
      void this.#carryOut(method, scope, request).then((outcome) => end({ ...outcome, ...this.#timingsFor(request), isolate: version.isolate.id }))
    })
  }

  #timingsFor({ timed }: RunRequest): { timings?: RunTimings } {
    return timed === true && this.timings !== null ? { timings: this.timings } : {}
  }

  async #carryOut(method: ScriptedMethod, scope: Scope, request: RunRequest): Promise<RunOutcome> {
    try {
      const args = decodeStorable(payloadText(request.args))
      const value = await method(scope, ...(Array.isArray(args) ? args : [args]))
      return { ok: true, value: encodeStorable(value), isolate: '' }
    } catch (error) {
      if (error instanceof TesseraError) return failed(toErrorBody(error))
      const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) }
      return failed({ code: 'METHOD_ERROR', message, className: name, stack: `${name}: ${message}\n    at methods/${request.target.name}.ts:1:1` })
    }
  }

  #scope(request: RunRequest, version: OpenVersion, placed: Placed): Scope {
    const { process, digest, call } = request
    const guest = this.#needGuest()
    const caller: HostCaller = { call, process: process.id, sessionId: process.sessionId, digest }
    let here = placed
    const ask: Ask = async (asked) => {
      const answer = await guest.answer(asked, caller)
      if (asked.kind === 'session.restore') goTo(asSessionId(String((answer as HostAnswers['session.restore']).sessionId)))
      return answer
    }
    let storage = new ScriptedStorage(process.sessionId, placed.replica, ask)
    const goTo = (sessionId: SessionId): void => {
      here = this.#place(version, sessionId) ?? here
      storage = new ScriptedStorage(here.facts.id, here.replica, ask)
    }
    const variables = this.#variables.get(process.id) ?? new Map<string, Storable>()
    this.#variables.set(process.id, variables)
    return {
      digest,
      process: { ...process, variables },
      session: {
        facts: () => here.facts,
        get storage() {
          return storage
        },
      },
      signal: { aborted: false, reason: undefined },
      ask,
      progress: (fraction, text) => guest.progressed(caller, fraction, text),
    }
  }

  #place(version: OpenVersion, sessionId: SessionId): Placed | null {
    const known = version.sessions.get(sessionId)
    if (known !== undefined) return known
    const seed = this.#needGuest().seed(sessionId)
    if (seed === null) return null
    const placed = { replica: new Replica(seed.storage), facts: seed.facts }
    version.sessions.set(sessionId, placed)
    return placed
  }

  #methodOf(code: ScriptedCode, { target, onServerOnly }: RunRequest): ScriptedMethod | undefined {
    if (target.kind === 'database') return code.database?.[target.name]
    const reachable = !onServerOnly || factsOf(code).some(({ name, onServer }) => name === target.name && onServer)
    return reachable ? methodOf(code, target.name) : undefined
  }

  #startIsolate(digest: Digest): IsolateFacts {
    this.#started += 1
    const isolate = { id: `${digest.slice(0, 6)}/${this.#started}`, digest, pid: null }
    this.#needGuest().isolateStarted(isolate)
    return isolate
  }

  #endIsolate(isolate: IsolateFacts, why: string): void {
    const lost = this.#runningOn(isolate)
    for (const { end } of lost) end(failed({ code: 'CALL_INTERRUPTED', message: `The isolate ended: ${why}.` }))
    this.#needGuest().isolateEnded(isolate, why, lost.length)
  }

  #runningOn({ digest }: IsolateFacts): InFlight[] {
    return [...this.#inFlight.values()].filter(({ request }) => request.digest === digest)
  }

  #needGuest(): IsolateGuest {
    if (this.#guest === null) throw new Error('No engine was attached to this host.')
    return this.#guest
  }
}

const nothingMeasured = { state: 'ready', host: 'inline', busy: null, rssBytes: null, heapBytes: null, quarantined: null, stuckIn: null } as const

const failed = (error: ErrorBody): RunOutcome => ({ ok: false, error, isolate: null })
