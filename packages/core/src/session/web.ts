import { TesseraError } from '@tessera/protocol'
import type { Licences } from '../access/licences.ts'
import type { Otps } from '../access/otp.ts'
import type { Privileges } from '../access/privileges.ts'
import { cutVisitor, fingerprintOf, sharesOf, type Visitor, type WebKey, type WebKeys } from '../access/web-keys.ts'
import type { Input, RedeemedOtp, WebVisitor } from '../commands.ts'
import type { ProcessId, SessionId } from '../ids.ts'
import type { EngineOptions, Ports } from '../ports/index.ts'
import type { Processes } from '../process/processes.ts'
import type { Versions } from '../version/versions.ts'
import { admitSession } from './admit-session.ts'
import type { Session } from './session.ts'
import type { SessionEnd } from './session-end.ts'
import type { Sessions } from './sessions.ts'
import { idleSecondsOf, isWebOver, shortestIdleMinutes, webExpiresAt } from './web-state.ts'

interface Rooms {
  sessions: Sessions
  versions: Versions
  processes: Processes
  end: SessionEnd
  keys: WebKeys
  otps: Otps
  privileges: Privileges
  licences: Licences
}

/** A year: nobody means more. */
const longestIdleMinutes = 525_600
const longestUserName = 200

/** Sessions of browsers: guests, who they become, and how they end (4d.md SES-28, SES-35, SES-37, SES-44, WEB-01..10). */
export class WebSessions {
  readonly #ports: Ports
  readonly #options: EngineOptions
  readonly #rooms: Rooms
  #refusal: 'SERVER_STARTING' | 'SERVER_STOPPING' | null = 'SERVER_STARTING'

  constructor(ports: Ports, options: EngineOptions, rooms: Rooms) {
    this.#ports = ports
    this.#options = options
    this.#rooms = rooms
  }

  /** Browsers are let in from now on. */
  admit(): void {
    this.#refusal = null
  }

  /** Browsers are let in no longer. */
  refuse(): void {
    this.#refusal = 'SERVER_STOPPING'
  }

  /** A new guest. @throws TesseraError `REJECTING_CONNECTIONS` where there are too many, `LICENCES_EXHAUSTED`, `SERVER_STARTING`, `SERVER_STOPPING`. */
  open(visitor: Visitor): RedeemedOtp {
    if (this.#refusal !== null) throw new TesseraError(this.#refusal, 'The server does not run: try again in a moment.', { retryAfterMs: 1000 })
    const { sessions, keys } = this.#rooms
    const version = this.#rooms.versions.needCurrent()
    const isCounted = !sessions.roles.current.forceLogin
    this.#checkGuests()
    if (isCounted) this.#rooms.licences.check()
    const owner = { kind: 'web', user: nobody, version, machineName: '', hostType: 'browser', address: visitor.address } as const
    const session = admitSession(this.#ports, this.#options, { rooms: this.#rooms, owner })
    session.move({ name: 'active', connection: 0 }, session.createdAt)
    if (isCounted) sessions.license(session)
    const { secret, hash } = keys.newSecret()
    keys.add(session, 'web', { ...cutVisitor(visitor), hash, since: session.createdAt })
    this.#ports.bus.emit({ name: 'session.opened', sessionId: session.id })
    return { sessionId: session.id, token: secret }
  }

  /** The key of that secret, marked as used; undefined where it opens nothing, or was idle for too long. */
  use(token: unknown): WebKey | undefined {
    const key = this.#rooms.keys.find(token)
    if (key === undefined) return undefined
    if (this.#isIdle(key)) {
      if (key.kind === 'share') this.#rooms.keys.closeSoon(key)
      else void this.#rooms.end.close(key.session, 'SESSION_ENDED', idleReason)
      return undefined
    }
    this.touch(key)
    return key
  }

  touch(key: WebKey): void {
    key.usedAt = this.#ports.clock.now()
    if (key.session.web === null) return
    key.session.lastActivityAt = key.usedAt
    this.#pushFacts(key.session)
  }

  find(token: string): WebVisitor | null {
    const key = this.use(token)
    return key === undefined ? null : { sessionId: key.session.id, kind: key.kind, guest: key.session.isGuest }
  }

  async close(token: string): Promise<void> {
    const key = this.#rooms.keys.find(token)
    if (key?.kind === 'share') await this.#rooms.keys.close(key)
    else if (key !== undefined) await this.#rooms.end.close(key.session, 'SESSION_ENDED', 'The browser said goodbye.')
  }

  /** @throws TesseraError `NOT_FOUND`, `JOURNAL_UNWRITABLE`. */
  async closeShare(session: Session, fingerprint: string): Promise<void> {
    const share = sharesOf(session).find(({ hash }) => fingerprintOf(hash) === fingerprint)
    if (share === undefined) throw new TesseraError('NOT_FOUND', 'No browser shares the session under that fingerprint.')
    await this.#rooms.keys.close(share)
  }

  /**
   * In a web session the first call takes the licence where sign-in is forced, says who the visitor is, and gives the
   * browser another key; elsewhere only the privileges count. @throws TesseraError `LICENCES_EXHAUSTED`, `BAD_REQUEST`.
   */
  async setPrivileges(session: Session, { names, roles, userName = null }: Omit<Input<'privileges.set'>, 'sessionId'>): Promise<readonly string[]> {
    const { web } = session
    if (web === null) return this.#rooms.privileges.set(session, names, roles)
    if (userName !== null && userName.length > longestUserName)
      throw new TesseraError('BAD_REQUEST', `A user's name has at most ${longestUserName} characters.`)
    const wasGuest = session.isGuest
    const privileges = await this.#setLicensed(session, names, roles)
    web.signedIn = true
    if (userName !== null) session.user = { ...nobody, name: userName }
    if (wasGuest && !session.isGuest) this.#renewKey(session)
    this.#pushFacts(session)
    return privileges
  }

  /** Outside forced sign-in the visitor is a guest again; inside he stays who he is, with no privilege (4d.md SES-37). */
  async clearPrivileges(session: Session): Promise<readonly string[]> {
    const privileges = await this.#rooms.privileges.clear(session)
    if (session.web === null || session.roles.forceLogin) return privileges
    session.web.signedIn = false
    session.user = nobody
    this.#pushFacts(session)
    return privileges
  }

  /** Below 60 it is 60 (4d.md SES-28). @throws TesseraError `NOT_AVAILABLE_HERE`, `BAD_REQUEST`. */
  setIdleTimeout(session: Session, minutes: number): { idleTimeout: number; expirationDate: string } {
    const { web } = session
    if (web === null) throw new TesseraError('NOT_AVAILABLE_HERE', 'Only a web session has an idle timeout.')
    if (!Number.isInteger(minutes) || minutes > longestIdleMinutes)
      throw new TesseraError('BAD_REQUEST', `An idle timeout is a whole number of minutes, at most ${longestIdleMinutes}.`)
    web.idleTimeoutMinutes = Math.max(minutes, shortestIdleMinutes)
    session.lastActivityAt = this.#ports.clock.now()
    this.#pushFacts(session)
    return { idleTimeout: web.idleTimeoutMinutes, expirationDate: new Date(webExpiresAt(session, web)).toISOString() }
  }

  /**
   * The browser of that web process goes to the token's session: its key becomes a share of that one, and its own session
   * ends when the call does. Null, and nothing changes, for a session that is none of the web or a token that is no good.
   */
  async restore(session: Session, processId: ProcessId, token: string): Promise<SessionId | null> {
    const process = this.#rooms.processes.find(processId)
    const key = [...session.keys].find(({ kind }) => kind === 'web')
    if (session.web === null || key === undefined || process?.kind !== 'web' || process.running === null) return null
    const redeemed = await this.#rooms.otps.redeem(token, '', key)
    if (redeemed === null || redeemed.sessionId === session.id) return redeemed?.sessionId ?? null
    process.replacedBy = redeemed.sessionId
    // A method that did not wait for this has ended by now, and cannot end its session with it.
    if (process.running === null) void this.#rooms.end.close(session, 'SESSION_ENDED', movedReason)
    return redeemed.sessionId
  }

  /** Ends what nobody used for its time. */
  sweep(): void {
    for (const session of [...this.#rooms.sessions.all()]) {
      if (!session.isOpen) continue
      this.#rooms.otps.letGoExpired(session)
      for (const share of sharesOf(session)) if (this.#isIdle(share)) this.#rooms.keys.closeSoon(share)
      if (this.#isOver(session)) void this.#rooms.end.close(session, 'SESSION_ENDED', idleReason)
    }
  }

  #isIdle({ kind, session, usedAt }: WebKey): boolean {
    if (kind === 'web') return this.#isOver(session)
    if (session.webProcess?.idle === false) return false
    return this.#ports.clock.now() >= usedAt + (idleSecondsOf(session) ?? shortestIdleMinutes * 60) * 1000
  }

  #isOver(session: Session): boolean {
    return session.webProcess?.idle !== false && isWebOver(session, this.#ports.clock.now())
  }

  /** Only for the call that runs: its answer takes the new secret to the browser. */
  #renewKey({ keys, webProcess }: Session): void {
    if (webProcess === null || webProcess.running === null) return
    for (const key of keys) if (key.kind === 'web') this.#rooms.keys.renew(key)
  }

  #checkGuests(): void {
    const guests = [...this.#rooms.sessions.all()].filter((session) => session.isGuest).length
    if (guests < this.#options.maxWebGuests) return
    throw new TesseraError('REJECTING_CONNECTIONS', 'Too many guests are here already.', { retryAfterMs: 60_000 })
  }

  /** The licence is taken before anything waits, and given back where the privileges could not be set. */
  async #setLicensed(session: Session, names: readonly string[], roles: readonly string[]): Promise<readonly string[]> {
    const { sessions, licences, privileges } = this.#rooms
    const isNew = session.web?.licensed === false
    if (isNew) {
      licences.check()
      sessions.license(session)
    }
    try {
      return await privileges.set(session, names, roles)
    } catch (error) {
      if (isNew) sessions.unlicense(session)
      throw error
    }
  }

  #pushFacts(session: Session): void {
    this.#ports.isolates.pushFacts(session.facts(this.#ports.clock.now()))
  }
}

const nobody = { id: 0, name: '' }
export const movedReason = 'Its browser went to the session of a one-time token.'
const idleReason = 'Nobody used it for its idle timeout.'

/** The new secret that the key's browser must be given, once. */
export const takeFresh = (key: WebKey): string | null => {
  const { fresh } = key
  key.fresh = null
  return fresh
}
