import { type SessionKind, TesseraError } from '@tessera/protocol'
import { asSessionId, type SessionId } from '../ids.ts'
import type { Session } from './session.ts'

const mostEnded = 10_000

/** Every live session, found by id, by resume token and by package ticket. */
export class Sessions {
  readonly #byId = new Map<SessionId, Session>()
  readonly #byResume = new Map<string, Session>()
  readonly #byTicket = new Map<string, Session>()
  /** Why sessions ended, by the resume tokens that were good: who comes back late learns it. Oldest first. */
  readonly #ended = new Map<string, string>()
  /** Those that take a licence. */
  readonly #licensed = new Set<SessionId>()
  readonly #counts: Record<SessionKind, number> = { remote: 0, storedProcedures: 0, standalone: 0, web: 0 }

  add(session: Session): void {
    this.#byId.set(session.id, session)
    this.#counts[session.kind] += 1
    this.noteLicence(session)
  }

  remove(session: Session): void {
    if (!this.#byId.delete(session.id)) return
    this.#counts[session.kind] -= 1
    this.#licensed.delete(session.id)
    this.setResume(session, [])
    this.setTicket(session, null)
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
    this.#licensed.clear()
    for (const session of this.#byId.values()) {
      this.#counts[session.kind] += 1
      this.noteLicence(session)
    }
  }

  /** Whether a session takes a licence may change while it lives. */
  noteLicence(session: Session): void {
    if (session.counted && this.#byId.has(session.id)) this.#licensed.add(session.id)
    else this.#licensed.delete(session.id)
  }

  /** How many take a licence. */
  get counted(): number {
    return this.#licensed.size
  }
}
