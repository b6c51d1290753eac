import { type ErrorBody, limits, type StorableText } from '@tessera/protocol'
import type { CallOutcome } from './executor.ts'

/** How a call ended, as it is kept for whoever asks again. */
export type KeptOutcome = { ok: true; value: StorableText } | { ok: false; error: ErrorBody }

/** What a journal keeps of a call with an idempotency key. */
export interface KeyedPart {
  /** Of method and arguments. */
  digest: string
  at: number
  /** Absent: it has begun, and nothing is known of its end. Null: it has ended, and its outcome takes too much room. */
  outcome?: KeptOutcome | null
}

export interface RunningKey {
  digest: string
  /** Under which its first caller may cancel it. */
  request: string | undefined
  outcome: Promise<CallOutcome>
}

export interface EndedKey extends KeyedPart {
  outcome: KeptOutcome | null
}

/** What is kept no longer, by key; null: nothing of it. */
export type Dropped = [key: string, part: EndedKey | null][]

const interrupted: KeptOutcome = {
  ok: false,
  error: { code: 'CALL_INTERRUPTED', message: 'The server was restarted while this call ran: it may have been carried out, or not. It is not run again.' },
}

/**
 * The calls of one session that came with an idempotency key: those that run, and those that ended lately, in the order in
 * which they ended (SPEC P27). More keys than a client may have unanswered are kept: what it asks again is among them.
 */
export class KeyedBook {
  readonly running = new Map<string, RunningKey>()
  readonly #ended = new Map<string, EndedKey>()
  /** Those of which the outcome is kept, and what it takes. */
  readonly #outcomes = new Map<string, number>()
  #bytes = 0

  /** After a restart of the server, what had begun ends as `CALL_INTERRUPTED` (SPEC P28). */
  static restored(parts: ReadonlyMap<string, KeyedPart>): KeyedBook {
    const book = new KeyedBook()
    for (const [key, part] of [...parts].sort(([, a], [, b]) => a.at - b.at))
      book.#add(key, { ...part, outcome: part.outcome === undefined ? interrupted : part.outcome })
    return book
  }

  find(key: string): EndedKey | undefined {
    return this.#ended.get(key)
  }

  /** Answers what had to go for it, and that itself where it alone takes too much. */
  end(key: string, ended: EndedKey): Dropped {
    this.running.delete(key)
    this.#add(key, ended)
    return [...this.#dropKeys(({ size }) => size > limits.waitingCalls), ...this.#dropOutcomes()]
  }

  /** Those that ended before that are forgotten. */
  expire(before: number): Dropped {
    return this.#dropKeys((_all, oldest) => oldest.at < before)
  }

  #add(key: string, ended: EndedKey): void {
    this.#remove(key)
    this.#ended.set(key, ended)
    if (ended.outcome === null) return
    const bytes = bytesOf(ended.outcome)
    this.#outcomes.set(key, bytes)
    this.#bytes += bytes
  }

  #dropKeys(isTooOld: (all: ReadonlyMap<string, EndedKey>, oldest: EndedKey) => boolean): Dropped {
    const dropped: Dropped = []
    for (const [key, ended] of this.#ended) {
      if (!isTooOld(this.#ended, ended)) break
      this.#remove(key)
      dropped.push([key, null])
    }
    return dropped
  }

  #dropOutcomes(): Dropped {
    const dropped: Dropped = []
    for (const key of this.#outcomes.keys()) {
      const ended = this.#ended.get(key)
      if (ended === undefined || this.#bytes <= limits.keyedBytes) break
      this.#forgetOutcome(key)
      ended.outcome = null
      dropped.push([key, ended])
    }
    return dropped
  }

  #remove(key: string): void {
    this.#forgetOutcome(key)
    this.#ended.delete(key)
  }

  #forgetOutcome(key: string): void {
    this.#bytes -= this.#outcomes.get(key) ?? 0
    this.#outcomes.delete(key)
  }
}

export const bytesOf = (outcome: KeptOutcome): number => (outcome.ok ? outcome.value.length : JSON.stringify(outcome.error).length)
