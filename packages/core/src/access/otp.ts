import { TesseraError } from '@tessera/protocol'
import type { Input, RedeemedOtp } from '../commands.ts'
import type { Ports } from '../ports/index.ts'
import type { IdleSweep } from '../session/idle-sweep.ts'
import type { Session } from '../session/session.ts'
import type { Sessions } from '../session/sessions.ts'
import { idleSecondsOf, isWebOver } from '../session/web-state.ts'
import type { LiveOtp } from './otp-book.ts'
import { readLifespan } from './otp-lifespan.ts'
import { keepParts, keepPartsSoon, type Parts } from './token-parts.ts'
import { cutVisitor, fingerprintOf, type KeptShare, sharePart, type Visitor, type WebKey, type WebKeys } from './web-keys.ts'

type OtpPorts = Pick<Ports, 'bus' | 'clock' | 'journal' | 'logger'>

interface Rooms {
  sessions: Sessions
  keys: WebKeys
  sweep: IdleSweep
}

const mostAlive = 5
const desktopSeconds = 60
const longestPath = 1000

/** One-time tokens: a session gives one away, and the browser that redeems it shares that session (4d.md OTP-01..18). */
export class Otps {
  readonly #ports: OtpPorts
  readonly #rooms: Rooms

  constructor(ports: OtpPorts, rooms: Rooms) {
    this.#ports = ports
    this.#rooms = rooms
  }

  /**
   * A new token of the session; '' in the stored-procedures session, as in 4D.
   * @throws TesseraError `OTP_LIFESPAN_INVALID`, `TOO_MANY_OTPS`, `SESSION_ENDED`, `BAD_REQUEST`, `JOURNAL_UNWRITABLE`.
   */
  async create(session: Session, { lifespanSeconds, purpose, path }: Omit<Input<'otp.create'>, 'sessionId'>): Promise<string> {
    const lifespan = readLifespan(lifespanSeconds, idleSecondsOf(session) ?? desktopSeconds)
    checkUse(purpose, path)
    if (session.kind === 'storedProcedures') return ''
    checkOpen(session)
    this.letGoExpired(session)
    this.#checkRoom(session)
    const { secret, hash } = this.#rooms.keys.newSecret()
    const otp: LiveOtp = { hash, purpose, path, expiresAt: this.#ports.clock.now() + lifespan * 1000, taking: null }
    await this.#issue(session, otp)
    checkOpen(session)
    this.#ports.bus.emit({ name: 'otp.issued', sessionId: session.id, fingerprint: fingerprintOf(hash) })
    return secret
  }

  /**
   * Takes the token, at most once whoever tries, and makes a share of its session: a new one, or of the key given. Null for
   * whatever is no good, without a word of why (4d.md OTP-12). @throws TesseraError `JOURNAL_UNWRITABLE`: the token stays good.
   */
  async redeem(token: unknown, path: string, holder: Visitor | WebKey): Promise<RedeemedOtp | null> {
    const hash = this.#rooms.keys.hashOf(token)
    if (hash === null) return null
    for (;;) {
      const session = this.#rooms.sessions.findByOtp(hash)
      if (session === undefined || !session.isOpen || isWebOver(session, this.#ports.clock.now())) return null
      this.letGoExpired(session)
      const otp = session.otps.find(hash)
      if (otp === undefined) return this.#refuse(session, hash, holder)
      // Somebody takes it just now: only when that has come to its end is it known whether this is a second use.
      if (otp.taking !== null) await otp.taking
      else return isBelow(path, otp.path) ? this.#take(session, otp, holder) : null
    }
  }

  /** Lets go what has expired. Nobody waits for that, so there is no timer for each token. */
  letGoExpired(session: Session): void {
    const expired = session.otps.expire(this.#ports.clock.now())
    if (expired.length === 0) return
    for (const hash of expired) {
      this.#rooms.sessions.setOtp(hash, null)
      this.#ports.bus.emit({ name: 'otp.expired', sessionId: session.id, fingerprint: fingerprintOf(hash) })
    }
    keepPartsSoon(this.#ports, session, [...removals(expired), countsPart(session)])
  }

  async #issue(session: Session, otp: LiveOtp): Promise<void> {
    session.otps.add(otp)
    session.otps.count('issued')
    this.#rooms.sessions.setOtp(otp.hash, session)
    this.#rooms.sweep.arm()
    try {
      await keepParts(this.#ports, session, [livePart(otp), countsPart(session)])
    } catch (error) {
      session.otps.drop(otp.hash)
      session.otps.count('issued', -1)
      this.#rooms.sessions.setOtp(otp.hash, null)
      throw error
    }
  }

  /**
   * The take is one step in memory (`taking` is set before anything waits) and one in the journal, which holds the share as
   * soon as the token is used. Where the journal cannot be written nobody was told anything, so the token is good again.
   */
  async #take(session: Session, otp: LiveOtp, holder: Visitor | WebKey): Promise<RedeemedOtp | null> {
    const { secret, hash } = this.#rooms.keys.newSecret()
    const share = { hash, ...cutVisitor(holder), since: this.#ports.clock.now() }
    session.otps.count('redeemed')
    const kept = keepParts(this.#ports, session, [usedPart(otp.hash), sharePartOf(share), countsPart(session)])
    otp.taking = kept.catch(() => undefined)
    try {
      await kept
    } catch (error) {
      session.otps.count('redeemed', -1)
      otp.taking = null
      throw error
    }
    this.#markUsed(session, otp)
    if (!session.isOpen) return null
    this.#handOver(session, holder, { ...share, secret })
    this.#ports.bus.emit({ name: 'otp.redeemed', sessionId: session.id, fingerprint: fingerprintOf(otp.hash), address: holder.address })
    return { sessionId: session.id, token: secret }
  }

  #handOver(session: Session, holder: Visitor | WebKey, { secret, ...share }: KeptShare & { secret: string }): void {
    if (!('session' in holder)) this.#rooms.keys.add(session, 'share', share)
    else if (holder.session !== session) this.#rooms.keys.becomeShare(holder, session, { hash: share.hash, secret })
  }

  #markUsed(session: Session, { hash }: LiveOtp): void {
    const forgotten = session.otps.markUsed(hash)
    for (const old of forgotten) this.#rooms.sessions.setOtp(old, null)
    if (forgotten.length > 0) keepPartsSoon(this.#ports, session, removals(forgotten))
  }

  #refuse(session: Session, hash: string, { address }: Visitor): null {
    if (!session.otps.wasUsed(hash)) return null
    session.otps.count('replayed')
    keepPartsSoon(this.#ports, session, [countsPart(session)])
    this.#ports.bus.emit({ name: 'otp.replayed', sessionId: session.id, fingerprint: fingerprintOf(hash), address })
    return null
  }

  #checkRoom({ otps }: Session): void {
    const { live } = otps
    if (live.length < mostAlive) return
    const retryAfterMs = Math.max(0, Math.min(...live.map(({ expiresAt }) => expiresAt)) - this.#ports.clock.now())
    throw new TesseraError('TOO_MANY_OTPS', `A session has at most ${mostAlive} one-time tokens that can be redeemed.`, { retryAfterMs })
  }
}

export const countsPartName = 'otp:counts'
export const otpPart = (hash: string): string => `otp:${hash}`

type Part = Parts[number]

const livePart = ({ hash, purpose, path, expiresAt }: LiveOtp): Part => [otpPart(hash), JSON.stringify({ state: 'live', purpose, path, expiresAt })]
const usedPart = (hash: string): Part => [otpPart(hash), JSON.stringify({ state: 'used' })]
const countsPart = ({ otps }: Session): Part => [countsPartName, JSON.stringify(otps.keptCounts)]
const removals = (hashes: readonly string[]): Part[] => hashes.map((hash) => [otpPart(hash), null])
const sharePartOf = ({ hash, ...share }: KeptShare): Part => [sharePart(hash), JSON.stringify(share)]

const checkOpen = (session: Session): void => {
  if (!session.isOpen) throw new TesseraError('SESSION_ENDED', 'The session has ended, or is ending: its one-time tokens are good for nothing.')
}

const checkUse = (purpose: unknown, path: unknown): void => {
  if (purpose !== 'web-share') throw new TesseraError('BAD_REQUEST', 'A one-time token is for "web-share".')
  if (path === null || (typeof path === 'string' && path.startsWith('/') && path.length <= longestPath)) return
  throw new TesseraError('BAD_REQUEST', `The path of a one-time token starts with / and has at most ${longestPath} characters.`)
}

/** `/shop` holds `/shop` and `/shop/cart`, not `/shopping`. */
const isBelow = (path: string, prefix: string | null): boolean =>
  prefix === null || path === prefix || path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`)
