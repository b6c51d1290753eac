import type { OtpCounts } from '@tessera/protocol'

/** A one-time token that can still be redeemed. Its secret is known to whoever was given it, and to nobody here. */
export interface LiveOtp {
  readonly hash: string
  readonly purpose: 'web-share'
  /** Only for visits below this path; null: for any. */
  readonly path: string | null
  readonly expiresAt: number
  /** Resolves when the take under way has become one, or has failed. */
  taking: Promise<void> | null
}

export type KeptOtpCounts = Omit<OtpCounts, 'live'>

/** Used tokens remembered, so that a second use is told from a wrong guess. */
const usedKept = 32

const noCounts: KeptOtpCounts = { issued: 0, redeemed: 0, expired: 0, replayed: 0 }

/** The one-time tokens of one session, and what became of them. */
export class OtpBook {
  // Most sessions never make one: those take no room for it.
  #live: Map<string, LiveOtp> | null = null
  #used: Set<string> | null = null
  #counts = noCounts

  /** All hashes that it knows, used ones included. */
  get hashes(): readonly string[] {
    return [...(this.#live?.keys() ?? []), ...(this.#used ?? [])]
  }

  get live(): readonly LiveOtp[] {
    return [...(this.#live?.values() ?? [])]
  }

  get keptCounts(): KeptOtpCounts {
    return this.#counts
  }

  /** Right at that moment, also where expired tokens were not let go yet. */
  counts(now: number): OtpCounts {
    const due = this.#due(now).length
    const live = this.live.filter(({ taking }) => taking === null).length - due
    return { live, ...this.#counts, expired: this.#counts.expired + due }
  }

  find(hash: string): LiveOtp | undefined {
    return this.#live?.get(hash)
  }

  wasUsed(hash: string): boolean {
    return this.#used?.has(hash) ?? false
  }

  count(what: keyof KeptOtpCounts, by = 1): void {
    this.#counts = { ...this.#counts, [what]: this.#counts[what] + by }
  }

  add(otp: LiveOtp): void {
    this.#live ??= new Map()
    this.#live.set(otp.hash, otp)
  }

  drop(hash: string): void {
    this.#live?.delete(hash)
  }

  /** Answers the used hashes that are remembered no longer. */
  markUsed(hash: string): readonly string[] {
    this.#live?.delete(hash)
    const used = this.#used ?? new Set<string>()
    this.#used = used.add(hash)
    const forgotten = [...used].slice(0, Math.max(0, used.size - usedKept))
    for (const old of forgotten) used.delete(old)
    return forgotten
  }

  /** Lets go what has expired, counted; answers the hashes. */
  expire(now: number): readonly string[] {
    const due = this.#due(now)
    for (const { hash } of due) this.#live?.delete(hash)
    if (due.length > 0) this.count('expired', due.length)
    return due.map(({ hash }) => hash)
  }

  restoreCounts(counts: KeptOtpCounts): void {
    this.#counts = counts
  }

  /** One that is being taken was good when that began. */
  #due(now: number): LiveOtp[] {
    return this.live.filter(({ expiresAt, taking }) => taking === null && expiresAt <= now)
  }
}
