import type { WebShareRow } from '@tessera/protocol'
import type { Ports } from '../ports/index.ts'
import type { IdleSweep } from '../session/idle-sweep.ts'
import type { Session } from '../session/session.ts'
import type { Sessions } from '../session/sessions.ts'
import { keepParts, keepPartsSoon, type Parts } from './token-parts.ts'

/** Who holds a key, as the edge saw it. */
export interface Visitor {
  address: string
  userAgent: string
}

/**
 * A browser's way into a session: the cookie of a web session, or of a share of another session (4d.md OTP-10, OTP-16).
 * Of its secret only the hash is kept.
 */
export interface WebKey extends Visitor {
  session: Session
  kind: 'web' | 'share'
  hash: string
  /** The one before, good until the newest is used: the answer with the newest may never arrive. */
  before: string | null
  /** A new secret that its browser was not given yet. */
  fresh: string | null
  since: number
  usedAt: number
  closed: boolean
}

/** What a share must not lose. */
export type KeptShare = Pick<WebKey, 'hash' | 'address' | 'userAgent' | 'since'>

const mostShares = 50
const longestUserAgent = 300
const longestSecret = 200

interface Rooms {
  sessions: Sessions
  sweep: IdleSweep
}

type KeyPorts = Pick<Ports, 'bus' | 'clock' | 'ids' | 'hasher' | 'journal' | 'logger'>

/** All keys that browsers hold (6-security.md E1, E2). */
export class WebKeys {
  readonly #ports: KeyPorts
  readonly #rooms: Rooms

  constructor(ports: KeyPorts, rooms: Rooms) {
    this.#ports = ports
    this.#rooms = rooms
  }

  newSecret(): { secret: string; hash: string } {
    const secret = this.#ports.ids.secret()
    return { secret, hash: this.#ports.hasher.digest(secret) }
  }

  /** SHA-256 of what somebody presents as a secret; null for what cannot be one. */
  hashOf(presented: unknown): string | null {
    return typeof presented === 'string' && presented.length <= longestSecret ? this.#ports.hasher.digest(presented) : null
  }

  add(session: Session, kind: WebKey['kind'], { hash, address, userAgent, since }: KeptShare): WebKey {
    const usedAt = this.#ports.clock.now()
    const key: WebKey = {
      session,
      kind,
      hash,
      address,
      userAgent,
      since,
      usedAt,
      before: null,
      fresh: null,
      closed: false,
    }
    this.#put(key)
    return key
  }

  /** The key of that secret, while its session takes new work. */
  find(presented: unknown): WebKey | undefined {
    const hash = this.hashOf(presented)
    const key = hash === null ? undefined : this.#rooms.sessions.findByKey(hash)
    if (key === undefined || !key.session.isOpen) return undefined
    if (hash === key.hash) this.#dropBefore(key)
    return key
  }

  /** Gives the key another secret, which its browser is given with the next answer (6-security.md E1: fixation). */
  renew(key: WebKey): void {
    const { secret, hash } = this.newSecret()
    this.#exchange(key, hash)
    key.fresh = secret
  }

  /** The key opens another session from now on, with a new secret (4d.md SES-44). */
  becomeShare(key: WebKey, session: Session, { hash, secret }: { hash: string; secret: string }): void {
    key.session.removeKey(key)
    key.session = session
    key.kind = 'share'
    key.since = key.usedAt = this.#ports.clock.now()
    this.#exchange(key, hash)
    key.fresh = secret
    this.#put(key)
  }

  /** The browser shares the session no longer, after a restart neither. @throws TesseraError `JOURNAL_UNWRITABLE`: until a restart. */
  async close(key: WebKey): Promise<void> {
    this.#forget(key)
    await keepParts(this.#ports, key.session, removalOf(key))
  }

  /** For what nobody asked for: a share that was idle. */
  closeSoon(key: WebKey): void {
    this.#forget(key)
    keepPartsSoon(this.#ports, key.session, removalOf(key))
  }

  #forget(key: WebKey): void {
    if (key.closed) return
    key.closed = true
    key.session.removeKey(key)
    this.#dropBefore(key)
    this.#rooms.sessions.setKey(key.hash, null)
    this.#ports.bus.emit({ name: 'share.closed', sessionId: key.session.id, fingerprint: fingerprintOf(key.hash) })
  }

  #put(key: WebKey): void {
    key.session.addKey(key)
    this.#rooms.sessions.setKey(key.hash, key)
    this.#rooms.sweep.arm()
    const shares = sharesOf(key.session)
    if (shares.length <= mostShares) return
    const longestIdle = shares.reduce((oldest, share) => (share.usedAt < oldest.usedAt ? share : oldest))
    this.closeSoon(longestIdle)
  }

  #exchange(key: WebKey, hash: string): void {
    this.#dropBefore(key)
    key.before = key.hash
    key.hash = hash
    this.#rooms.sessions.setKey(hash, key)
  }

  #dropBefore(key: WebKey): void {
    if (key.before !== null) this.#rooms.sessions.setKey(key.before, null)
    key.before = null
  }
}

const removalOf = ({ hash }: WebKey): Parts => [[sharePart(hash), null]]

/** As much of what a browser says of itself as is kept. */
export const cutVisitor = ({ address, userAgent }: Visitor): Visitor => ({ address, userAgent: userAgent.slice(0, longestUserAgent) })

export const sharesOf = (session: Session): WebKey[] => [...session.keys].filter(({ kind }) => kind === 'share')

export const sharePart = (hash: string): string => `share:${hash}`

/** Enough to tell two apart, useless to get in. */
export const fingerprintOf = (hash: string): string => hash.slice(0, 6)

export const shareRows = (session: Session, iso: (at: number) => string): WebShareRow[] =>
  sharesOf(session).map(({ hash, address, userAgent, since, usedAt }) => ({
    fingerprint: fingerprintOf(hash),
    address,
    userAgent,
    since: iso(since),
    lastUsedAt: iso(usedAt),
  }))
