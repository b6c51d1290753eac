import type { HostAnswers, HostRequest, SessionFacts } from '@tessera/core'
import type { PrivilegesInput, Session, SessionInfo } from '@tessera/kit'
import { TesseraError } from '@tessera/protocol/values'
import type { Call } from './call.ts'
import { parsePrivilegesInput } from './privileges-input.ts'
import { currentCall, needCall } from './scope.ts'
import type { SharedStorage } from './shared-storage.ts'

/** A session as project code sees it on the server: facts that the engine pushes, and requests to it. */
export class ServerSession implements Session {
  #facts: SessionFacts
  readonly #storage: SharedStorage
  /** The session that this one's browser went to: whoever kept this object means that one (4d.md SES-44). */
  #next: ServerSession | null = null

  constructor(facts: SessionFacts, storage: SharedStorage) {
    this.#facts = facts
    this.#storage = storage
  }

  get id(): string {
    return this.facts.id
  }

  get storage(): SharedStorage {
    return this.#next?.storage ?? this.#storage
  }

  get userName(): string {
    return this.facts.info.userName
  }

  /** A copy for each reader: 4D computes it at each call (4d.md SES-22). */
  info(): SessionInfo {
    return { ...this.facts.info }
  }

  async setPrivileges(privileges: PrivilegesInput): Promise<boolean> {
    const { names, roles, userName } = parsePrivilegesInput(privileges)
    return this.#takePrivileges(await this.ask({ kind: 'privileges.set', names, roles, userName }))
  }

  async clearPrivileges(): Promise<boolean> {
    return this.#takePrivileges(await this.ask({ kind: 'privileges.clear' }))
  }

  getPrivileges(): string[] {
    return [...this.facts.privileges]
  }

  hasPrivilege(name: string): boolean {
    const wanted = String(name).toLowerCase()
    const call = currentCall()
    const promoted = call?.session === this.#now ? call.promoted : []
    return [...this.facts.privileges, ...promoted].some((held) => held.toLowerCase() === wanted)
  }

  /** Only a web session can be a guest's (4d.md SES-41). */
  isGuest(): boolean {
    return this.facts.web?.guest ?? false
  }

  async createOTP(options: { lifespan?: number } = {}): Promise<string> {
    return (await this.ask({ kind: 'otp.create', lifespan: readLifespan(options) })).token
  }

  async restore(token: string): Promise<boolean> {
    if (typeof token !== 'string') throw new TesseraError('BAD_REQUEST', 'A one-time token is a text.')
    const call = this.#ownCall()
    const { sessionId } = await call.ask({ kind: 'session.restore', token })
    if (sessionId === null || sessionId === this.id) return sessionId !== null
    this.#next = await call.room.sessionOf(call, sessionId)
    if (this.#next === null) throw new TesseraError('SESSION_ENDED', 'The session of the token ended just now.')
    call.restored = this.#next
    return true
  }

  async promote(name: string): Promise<number> {
    if (typeof name !== 'string') throw new TesseraError('BAD_REQUEST', 'A privilege is named by a text.')
    const call = this.#ownCall()
    const { id, promoted } = await call.ask({ kind: 'privileges.promote', name })
    call.promoted = promoted
    return id
  }

  async demote(id: number): Promise<void> {
    if (typeof id !== 'number') throw new TesseraError('BAD_REQUEST', 'What was promoted is named by a number.')
    const call = this.#ownCall()
    const { promoted } = await call.ask({ kind: 'privileges.demote', id })
    call.promoted = promoted
  }

  setFacts(facts: SessionFacts): void {
    if (facts.id === this.#facts.id) this.#facts = facts
    else this.#next?.setFacts(facts)
  }

  isStoredProcedures(): boolean {
    return this.facts.info.type === 'storedProcedure'
  }

  protected get facts(): SessionFacts {
    return this.#next?.facts ?? this.#facts
  }

  get #now(): ServerSession {
    return this.#next ?? this
  }

  /** For the caller's session: an object that another session's code kept must not reach that one. */
  protected ask<Kind extends HostRequest['kind']>(request: Extract<HostRequest, { kind: Kind }>): Promise<HostAnswers[Kind]> {
    return this.#ownCall().ask<Kind>(request)
  }

  #ownCall(): Call {
    if (currentCall()?.session !== this.#now) throw new TesseraError('NOT_AVAILABLE_HERE', 'A session can be changed only by calls of that session.')
    return needCall()
  }

  #takePrivileges({ ok, privileges }: { ok: boolean; privileges: readonly string[] }): boolean {
    this.setFacts({ ...this.facts, privileges })
    return ok
  }
}

/** A browser's session: only this one has an idle timeout (4d.md SES-28). */
class WebServerSession extends ServerSession {
  get idleTimeout(): number {
    return needWeb(this.facts).idleTimeout
  }

  /** Seen at once; the call that assigned ends only when the engine has it, and fails where that refuses. */
  set idleTimeout(minutes: number) {
    const web = needWeb(this.facts)
    if (!Number.isInteger(minutes) || minutes > longestMinutes)
      throw new TesseraError('BAD_REQUEST', `An idle timeout is a whole number of minutes, at most ${longestMinutes}.`)
    const asked = this.ask({ kind: 'session.setIdleTimeout', minutes }).then((web) => this.setFacts({ ...this.facts, web: { ...needWeb(this.facts), ...web } }))
    // Whoever reports it is the call's end: nobody else waits for this.
    asked.catch(() => undefined)
    needCall().owed.push(asked)
    const idleTimeout = Math.max(minutes, shortestMinutes)
    const expirationDate = new Date(Date.parse(web.expirationDate) + (idleTimeout - web.idleTimeout) * 60_000).toISOString()
    this.setFacts({ ...this.facts, web: { ...web, idleTimeout, expirationDate } })
  }

  get expirationDate(): string {
    return needWeb(this.facts).expirationDate
  }
}

export const createServerSession = (facts: SessionFacts, storage: SharedStorage): ServerSession =>
  facts.web === undefined ? new ServerSession(facts, storage) : new WebServerSession(facts, storage)

const shortestMinutes = 60
const longestMinutes = 525_600

const needWeb = ({ web }: SessionFacts): NonNullable<SessionFacts['web']> => {
  if (web === undefined) throw new TesseraError('NOT_AVAILABLE_HERE', 'Only a web session has an idle timeout: its browser went to another session.')
  return web
}

/** What `createOTP` was given, as far as it must be known before it travels: the engine checks the range. */
const readLifespan = (options: unknown): number | null => {
  const lifespan: unknown = typeof options === 'object' && options !== null && 'lifespan' in options ? options.lifespan : undefined
  const isOptions = typeof options === 'object' && options !== null
  if (isOptions && lifespan === undefined) return null
  if (isOptions && typeof lifespan === 'number' && Number.isFinite(lifespan)) return lifespan
  throw new TesseraError('OTP_LIFESPAN_INVALID', 'createOTP takes { lifespan: seconds }, or nothing.')
}
