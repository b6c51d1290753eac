import type { SessionId } from '@tessera/core'
import { uptimeMs } from './uptime.ts'

export interface QuarantineEntry {
  method: string
  why: string
  /** When it was sent there; milliseconds since 1970. */
  since: number
}

export const usualQuietMs = 300_000

interface Kept extends QuarantineEntry {
  /** When a call of it last blocked something, its own isolate included; by the clock that nobody sets. */
  blockedAt: number
}

/** The sessions whose calls blocked an isolate: each is given one of its own until it has been quiet for a while (rule X23). */
export class Quarantine {
  readonly #sessions = new Map<SessionId, Kept>()
  readonly #quietMs: number

  constructor(quietMs: number) {
    this.#quietMs = quietMs
  }

  get isEmpty(): boolean {
    return this.#sessions.size === 0
  }

  /** False where it is there already: its time begins anew then. */
  add(sessionId: SessionId, method: string, why: string): boolean {
    const known = this.#sessions.get(sessionId)
    this.#sessions.set(sessionId, { method, why, since: known?.since ?? Date.now(), blockedAt: uptimeMs() })
    return known === undefined
  }

  of(sessionId: SessionId): QuarantineEntry | undefined {
    return this.#sessions.get(sessionId)
  }

  has(sessionId: SessionId): boolean {
    return this.#sessions.has(sessionId)
  }

  sessions(): IterableIterator<SessionId> {
    return this.#sessions.keys()
  }

  forget(sessionId: SessionId): void {
    this.#sessions.delete(sessionId)
  }

  /** Lets those go that have been quiet for long enough. */
  takeQuiet(): SessionId[] {
    const quiet = [...this.#sessions].flatMap(([sessionId, { blockedAt }]) => (uptimeMs() - blockedAt >= this.#quietMs ? [sessionId] : []))
    for (const sessionId of quiet) this.#sessions.delete(sessionId)
    return quiet
  }
}
