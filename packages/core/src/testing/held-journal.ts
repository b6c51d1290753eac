import { TesseraError } from '@tessera/protocol'
import { MemorySessionJournal } from '../memory/memory-session-journal.ts'
import type { JournalContents, JournalEntry, SessionJournal } from '../ports/session-journal.ts'

interface Waiting {
  carryOut(): Promise<void>
  resolve(): void
  reject(error: TesseraError): void
}

/** A journal whose disk is as slow, or as full, as a test says. What waits when a server is killed is lost. */
export class HeldJournal implements SessionJournal {
  readonly #kept: MemorySessionJournal
  readonly #waiting: Waiting[] = []
  #state: 'open' | 'held' | 'full' = 'open'

  constructor(kept = new MemorySessionJournal()) {
    this.#kept = kept
  }

  /** One that keeps what was asked of it when the test says so, and not before. */
  static held(): HeldJournal {
    const journal = new HeldJournal()
    journal.hold()
    return journal
  }

  /** How many appends are not durable yet. */
  get waiting(): number {
    return this.#waiting.length
  }

  load(): Promise<JournalContents> {
    return this.#kept.load()
  }

  append(entries: readonly JournalEntry[]): Promise<void> {
    return this.#ask(() => this.#kept.append(entries))
  }

  forget(session: string): Promise<void> {
    return this.#ask(() => this.#kept.forget(session))
  }

  /** From now on nothing becomes durable. */
  hold(): void {
    this.#state = 'held'
  }

  /** The first ones that wait become durable, all of them where no number is given; with all of them, later ones do at once again. */
  async release(most = Number.POSITIVE_INFINITY): Promise<void> {
    if (most === Number.POSITIVE_INFINITY) this.#state = 'open'
    await this.#carryOut(most, true)
  }

  /** All that waits becomes durable, and what comes later waits. `isTold` false: the server is killed before it can say so. */
  keep({ isTold = true } = {}): Promise<void> {
    return this.#carryOut(Number.POSITIVE_INFINITY, isTold)
  }

  /** The server is killed: what waited was never kept, and nobody hears of it. */
  lose(): void {
    this.#waiting.length = 0
  }

  /** What waits could not be kept; what comes later waits. */
  fail(): void {
    for (const { reject } of this.#waiting.splice(0)) reject(unwritable())
  }

  /** The disk is full: what waits is refused, and what comes later too until `release`. */
  fill(): void {
    this.#state = 'full'
    this.fail()
  }

  /** What the next server finds. */
  killed(): HeldJournal {
    this.#state = 'held'
    return new HeldJournal(this.#kept)
  }

  async #carryOut(most: number, isTold: boolean): Promise<void> {
    for (const { carryOut, resolve } of this.#waiting.splice(0, most)) {
      await carryOut()
      if (isTold) resolve()
    }
  }

  #ask(carryOut: () => Promise<void>): Promise<void> {
    if (this.#state === 'open') return carryOut()
    if (this.#state === 'full') return Promise.reject(unwritable())
    return new Promise((resolve, reject) => this.#waiting.push({ carryOut, resolve, reject }))
  }
}

const unwritable = (): TesseraError => new TesseraError('JOURNAL_UNWRITABLE', 'The session journal cannot be written: no space left.')
