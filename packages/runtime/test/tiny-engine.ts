import {
  asCallId,
  asProcessId,
  asSessionId,
  type Digest,
  type HostAnswers,
  type HostCaller,
  type HostRequest,
  type IsolateFacts,
  type IsolateGuest,
  type IsolateHost,
  type ProcessFacts,
  type ProcessId,
  type RunOutcome,
  type RunTarget,
  type SessionFacts,
  type SessionId,
  type SessionSeed,
} from '@tessera/core'
import { decodeStorable, encodeStorable, fromErrorBody, payloadText, type Storable, TesseraError } from '@tessera/protocol'
import { ModelDocument } from './model-document.ts'

interface TinySession {
  facts: SessionFacts
  document: ModelDocument
}

interface BlockedBy {
  isolate: IsolateFacts
  call: Parameters<IsolateGuest['isolateBlocked']>[1]
}

/** Just enough of an engine to stand behind an isolate host in its tests. */
export class TinyEngine implements IsolateGuest {
  readonly started: IsolateFacts[] = []
  readonly ended: { isolate: IsolateFacts; why: string; callsLost: number }[] = []
  readonly progress: { caller: HostCaller; fraction: number; text: string }[] = []
  readonly blocked: BlockedBy[] = []
  readonly quarantined: { sessionId: SessionId; isolate: IsolateFacts; method: string }[] = []
  readonly released: SessionId[] = []
  readonly seeded: SessionId[] = []
  reloads = 0
  resultBytes = 8_388_608
  readonly #host: IsolateHost
  readonly #sessions = new Map<SessionId, TinySession>()
  readonly #results = new Map<ProcessId, Promise<RunOutcome>>()
  readonly #procedureCalls = new Map<ProcessId, ReturnType<typeof asCallId>>()
  readonly digest: Digest
  #calls = 0

  constructor(host: IsolateHost, digest: Digest) {
    this.#host = host
    this.digest = digest
    host.attach(this)
  }

  hasSession(id: string): boolean {
    return this.#sessions.has(asSessionId(id))
  }

  openSession(id: string, type: SessionFacts['info']['type'] = 'remote'): SessionId {
    const sessionId = asSessionId(id)
    const info = {
      type,
      userName: `user of ${id}`,
      machineName: 'desk',
      systemUserName: 'ada',
      IPAddress: 'localhost',
      hostType: 'linux',
      creationDateTime: '2026-11-22T00:00:00.000Z',
      state: 'active' as const,
      ID: id,
      persistentID: id,
    }
    const web = type === 'web' ? { web: { guest: false, idleTimeout: 60, expirationDate: '2026-11-22T01:00:00.000Z' } } : {}
    this.#sessions.set(sessionId, { facts: { id: sessionId, info, privileges: ['sales'], ...web }, document: new ModelDocument() })
    return sessionId
  }

  closeSession(id: SessionId): void {
    this.#sessions.delete(id)
    this.#host.closeSession(id)
  }

  process(sessionId: SessionId, number = 1): ProcessFacts {
    return { id: asProcessId(`${sessionId}-p${number}`), number, name: `process ${number}`, sessionId }
  }

  start(process: ProcessFacts, method: string, args: readonly unknown[] = []): { call: ReturnType<typeof asCallId>; outcome: Promise<RunOutcome> } {
    const call = asCallId(`c${++this.#calls}`)
    return { call, outcome: this.#run({ call, process, target: { kind: 'method', name: method }, args, onServerOnly: true }) }
  }

  /** Under an id of the client's, and measured. */
  startTimed(process: ProcessFacts, method: string, args: readonly unknown[] = []): Promise<RunOutcome> {
    const call = asCallId(`c${++this.#calls}`)
    return this.#run({ call, process, target: { kind: 'method', name: method }, args, onServerOnly: true, request: `request ${call}`, timed: true })
  }

  /** The method's result, or the error it ended with. */
  async call(process: ProcessFacts, method: string, ...args: readonly unknown[]): Promise<Storable> {
    return resultOf(await this.start(process, method, args).outcome)
  }

  async runTarget(process: ProcessFacts, target: RunTarget, args: readonly unknown[] = []): Promise<Storable> {
    return resultOf(await this.#run({ call: asCallId(`c${++this.#calls}`), process, target, args, onServerOnly: false }))
  }

  slots(id: SessionId): Record<string, Storable> {
    return Object.fromEntries(
      this.#need(id)
        .document.seed()
        .slots.map(([slot, text]) => [slot, decodeStorable(text)]),
    )
  }

  setSlot(id: SessionId, slot: string, value: Storable): void {
    const { document } = this.#need(id)
    const base = document.clock
    document.write([[slot, encodeStorable(value)]])
    this.#host.pushDelta(id, document.since(base))
  }

  setPrivileges(id: SessionId, privileges: readonly string[]): void {
    this.#change(id, { privileges })
  }

  #change(id: SessionId, change: Partial<SessionFacts>): void {
    const session = this.#need(id)
    session.facts = { ...session.facts, ...change }
    this.#host.pushFacts(session.facts)
  }

  seed(id: SessionId): SessionSeed | null {
    this.seeded.push(id)
    return this.#seedOf(id)
  }

  answer<Kind extends HostRequest['kind']>(request: Extract<HostRequest, { kind: Kind }>, caller: HostCaller): Promise<HostAnswers[Kind]> {
    return this.#answer(request, caller) as Promise<HostAnswers[Kind]>
  }

  progressed(caller: HostCaller, fraction: number, text: string): void {
    this.progress.push({ caller, fraction, text })
  }

  isolateStarted(isolate: IsolateFacts): void {
    this.started.push(isolate)
  }

  isolateBlocked(isolate: IsolateFacts, call: BlockedBy['call']): void {
    this.blocked.push({ isolate, call })
  }

  sessionQuarantined(sessionId: SessionId, isolate: IsolateFacts, method: string): void {
    this.quarantined.push({ sessionId, isolate, method })
  }

  sessionReleased(sessionId: SessionId): void {
    this.released.push(sessionId)
  }

  isolateEnded(isolate: IsolateFacts, why: string, callsLost: number): void {
    this.ended.push({ isolate, why, callsLost })
  }

  async #answer(request: HostRequest, caller: HostCaller): Promise<HostAnswers[HostRequest['kind']]> {
    switch (request.kind) {
      case 'storage.commit': {
        const { document } = this.#need(request.commit.sessionId)
        const base = document.clock
        const reply = document.commit(request.commit)
        if (reply.won) this.#host.pushDelta(request.commit.sessionId, document.since(base))
        return reply
      }
      case 'storage.turn':
        return this.#need(request.sessionId).document.takeTurn(0)
      case 'session.seed':
        return this.#seedOf(request.sessionId)
      case 'privileges.set': {
        const { facts } = this.#need(caller.sessionId)
        this.setPrivileges(caller.sessionId, [...facts.privileges, ...request.names, ...request.roles.map((role) => `role:${role}`)])
        return { ok: true, privileges: this.#need(caller.sessionId).facts.privileges }
      }
      case 'privileges.clear':
        this.setPrivileges(caller.sessionId, [])
        return { ok: true, privileges: [] }
      case 'privileges.promote':
        return this.#promote(request.name)
      case 'privileges.demote':
        return { promoted: [] }
      case 'otp.create':
        if (request.lifespan !== null && request.lifespan < 1) throw new TesseraError('OTP_LIFESPAN_INVALID', 'Too short.')
        return { token: `token of ${caller.sessionId} for ${request.lifespan}` }
      case 'session.restore':
        return { sessionId: this.#sessions.has(asSessionId(request.token)) ? asSessionId(request.token) : null }
      case 'session.setIdleTimeout':
        return this.#setIdleTimeout(caller.sessionId, request.minutes)
      case 'procedure.start':
        return this.#startProcedure(request)
      case 'procedure.result':
        return { value: encodeStorable(resultOf(await this.#needResult(request.process))) }
      case 'procedure.progress':
        return this.#progressOf(request.process, request.after)
      case 'procedure.cancel':
        return { told: this.#cancel(request.process, request.reason) }
      case 'process.activity':
        return request.sessionId === null ? { processes: [] } : null
      case 'project.reload':
        this.reloads++
        return { changed: true }
      default:
        throw new TesseraError('NOT_AVAILABLE_HERE', `This engine has no clients: ${request.kind}.`)
    }
  }

  #promote(name: string): HostAnswers['privileges.promote'] {
    return name === 'nobody' ? { id: 0, promoted: [] } : { id: 1, promoted: [name] }
  }

  /** A thousand is more than this engine takes. */
  async #setIdleTimeout(id: SessionId, minutes: number): Promise<HostAnswers['session.setIdleTimeout']> {
    await new Promise((resolve) => setTimeout(resolve, 5))
    if (minutes === 1000) throw new TesseraError('SESSION_ENDED', 'It ended meanwhile.')
    const answer = { idleTimeout: Math.max(60, minutes), expirationDate: `2026-11-22T0${Math.floor(Math.max(60, minutes) / 60)}:00:00.000Z` }
    this.#change(id, { web: { guest: false, ...answer } })
    return answer
  }

  #startProcedure(request: Extract<HostRequest, { kind: 'procedure.start' }>): HostAnswers['procedure.start'] {
    if (request.processName.startsWith('$')) throw new TesseraError('PROCESS_NAME_INVALID', 'Names that start with $ are local.')
    const sessionId = asSessionId('PROCEDURES')
    if (!this.#sessions.has(sessionId)) this.openSession('PROCEDURES', 'storedProcedure')
    const process = { ...this.process(sessionId, this.#results.size + 100), name: request.processName }
    const args = decodeStorable(request.args) as readonly Storable[]
    const target = { kind: 'method' as const, name: request.method }
    const call = asCallId(`c${++this.#calls}`)
    this.#procedureCalls.set(process.id, call)
    const outcome = this.#run({ call, process, target, args, onServerOnly: false })
    this.#results.set(process.id, outcome)
    void outcome.then(() => this.#procedureCalls.delete(process.id))
    return { process: process.id, number: process.number }
  }

  async #progressOf(id: ProcessId, after: number): Promise<HostAnswers['procedure.progress']> {
    const outcome = this.#needResult(id)
    for (;;) {
      const said = this.progress.filter(({ caller }) => caller.process === id)
      const running = (await Promise.race([outcome, undefined])) === undefined
      const last = said.at(-1)
      if (said.length > after || !running)
        return { seen: said.length, progress: last === undefined ? null : { fraction: last.fraction, text: last.text }, running }
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  }

  /** False for one that ended. */
  #cancel(id: ProcessId, reason: string): boolean {
    const call = this.#procedureCalls.get(id)
    if (call !== undefined) this.#host.signal(call, reason)
    return call !== undefined
  }

  /** Results as texts, however they came. */
  async #run(request: {
    call: ReturnType<typeof asCallId>
    process: ProcessFacts
    target: RunTarget
    args: readonly unknown[]
    onServerOnly: boolean
    request?: string
    timed?: boolean
  }): Promise<RunOutcome> {
    const outcome = await this.#host.run({ ...request, digest: this.digest, args: encodeStorable(request.args), resultBytes: this.resultBytes })
    return outcome.ok ? { ...outcome, value: payloadText(outcome.value) } : outcome
  }

  #seedOf(id: SessionId): SessionSeed | null {
    const session = this.#sessions.get(id)
    return session === undefined ? null : { facts: session.facts, storage: session.document.seed() }
  }

  #need(id: SessionId): TinySession {
    const session = this.#sessions.get(id)
    if (session === undefined) throw new TesseraError('SESSION_NOT_FOUND', `There is no session ${id}.`)
    return session
  }

  #needResult(process: ProcessId): Promise<RunOutcome> {
    const result = this.#results.get(process)
    if (result === undefined) throw new TesseraError('PROCESS_NOT_FOUND', 'No such procedure.')
    return result
  }
}

const resultOf = (outcome: RunOutcome): Storable => {
  if (outcome.ok) return decodeStorable(payloadText(outcome.value))
  throw fromErrorBody(outcome.error)
}
