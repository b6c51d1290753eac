import { type SessionKind, TesseraError } from '@tessera/protocol'
import type { RolesInForce } from '../access/roles-in-force.ts'
import type { WebKey } from '../access/web-keys.ts'
import { asSessionId, type SessionId } from '../ids.ts'
import type { Session } from './session.ts'

const mostEnded = 10_000

/** Every live session, found by id, by resume token, by package ticket, by one-time token and by a browser's key. */
export class Sessions {
  /** What all of them follow. */
  readonly roles: RolesInForce
  readonly #byId = new Map<SessionId, Session>()
  readonly #byResume = new Map<string, Session>()
  readonly #byTicket = new Map<string, Session>()
  /** Why sessions ended, by the resume tokens that were good: who comes back late learns it. Oldest first. */
  readonly #ended = new Map<string, string>()
  readonly #byOtp = new Map<string, Session>()
  readonly #byKey = new Map<string, WebKey>()
  #licensedWeb = 0
  readonly #counts: Record<SessionKind, number> = { remote: 0, storedProcedures: 0, standalone: 0, web: 0 }

  constructor(roles: RolesInForce) {
    this.roles = roles
  }

  add(session: Session): void {
    this.#byId.set(session.id, session)
    this.#counts[session.kind] += 1
  }

  remove(session: Session): void {
    if (!this.#byId.delete(session.id)) return
    this.#counts[session.kind] -= 1
    this.setResume(session, [])
    this.setTicket(session, null)
    this.unlicense(session)
    for (const hash of session.otps.hashes) this.setOtp(hash, null)
    for (const { hash, before } of session.keys) for (const each of before === null ? [hash] : [hash, before]) this.setKey(each, null)
  }

  /** The web session takes a licence from now on (4d.md WEB-08, WEB-09). */
  license({ web }: Session): void {
    if (web === null || web.licensed) return
    web.licensed = true
    this.#licensedWeb += 1
  }

  /** It takes none after all. */
  unlicense({ web }: Session): void {
    if (web === null || !web.licensed) return
    web.licensed = false
    this.#licensedWeb -= 1
  }

  setOtp(hash: string, session: Session | null): void {
    if (session === null) this.#byOtp.delete(hash)
    else this.#byOtp.set(hash, session)
  }

  setKey(hash: string, key: WebKey | null): void {
    if (key === null) this.#byKey.delete(hash)
    else this.#byKey.set(hash, key)
  }

  /** Nobody resumes it any more; whoever tries is told why. */
  endResume(session: Session, reason: string): void {
    for (const hash of session.resumeHashes) this.#ended.set(hash, reason)
    for (const hash of this.#ended.keys()) {
      if (this.#ended.size <= mostEnded) break
      this.#ended.delete(hash)
    }
    this.setResume(session, [])
  }

  /** Why the session of that resume token ended, where that is still known. */
  whyEnded(hash: string): string | undefined {
    return this.#ended.get(hash)
  }

  setResume(session: Session, hashes: readonly string[]): void {
    for (const hash of session.resumeHashes) this.#byResume.delete(hash)
    session.resumeHashes = hashes
    for (const hash of hashes) this.#byResume.set(hash, session)
  }

  setTicket(session: Session, hash: string | null): void {
    if (session.ticketHash !== null) this.#byTicket.delete(session.ticketHash)
    session.ticketHash = hash
    if (hash !== null) this.#byTicket.set(hash, session)
  }

  find(id: string): Session | undefined {
    return this.#byId.get(asSessionId(id))
  }

  /** @throws TesseraError `SESSION_NOT_FOUND`. */
  need(id: string): Session {
    const session = this.find(id)
    if (session === undefined) throw new TesseraError('SESSION_NOT_FOUND', `There is no session ${id.slice(0, 40)}.`)
    return session
  }

  findByResume(hash: string): Session | undefined {
    return this.#byResume.get(hash)
  }

  findByTicket(hash: string): Session | undefined {
    return this.#byTicket.get(hash)
  }

  findByOtp(hash: string): Session | undefined {
    return this.#byOtp.get(hash)
  }

  findByKey(hash: string): WebKey | undefined {
    return this.#byKey.get(hash)
  }

  /** Whether anything is held that ends by itself in time. */
  get hasTokens(): boolean {
    return this.#byOtp.size > 0 || this.#byKey.size > 0
  }

  all(): IterableIterator<Session> {
    return this.#byId.values()
  }

  get counts(): Readonly<Record<SessionKind, number>> {
    return this.#counts
  }

  /** Licences in use, counted anew. */
  get recounted(): number {
    return [...this.#byId.values()].filter(({ counted }) => counted).length
  }

  /** The counts are made anew from the sessions there are. */
  trustBooks(): void {
    for (const kind of Object.keys(this.#counts) as SessionKind[]) this.#counts[kind] = 0
    this.#licensedWeb = 0
    for (const { kind, web } of this.#byId.values()) {
      this.#counts[kind] += 1
      if (web?.licensed === true) this.#licensedWeb += 1
    }
  }

  /** How many take a licence. */
  get counted(): number {
    return this.#counts.remote + this.#licensedWeb
  }
}
