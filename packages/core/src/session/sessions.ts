import { type SessionKind, TesseraError } from '@tessera/protocol'
import type { RolesInForce } from '../access/roles-in-force.ts'
import { asSessionId, type SessionId } from '../ids.ts'
import type { Session } from './session.ts'

/** Every live session, found by id, by resume token and by package ticket. */
export class Sessions {
  /** What all of them follow. */
  readonly roles: RolesInForce
  readonly #byId = new Map<SessionId, Session>()
  readonly #byResume = new Map<string, Session>()
  readonly #byTicket = new Map<string, Session>()
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

  all(): IterableIterator<Session> {
    return this.#byId.values()
  }

  get counts(): Readonly<Record<SessionKind, number>> {
    return this.#counts
  }

  get counted(): number {
    return this.#counts.remote + this.#counts.web
  }
}
