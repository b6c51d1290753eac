import { TesseraError } from '@tessera/protocol'
import { MemorySessionJournal } from '../memory/memory-session-journal.ts'
import type { JournalEntry } from '../ports/session-journal.ts'

interface Asked {
  write(): Promise<void>
  resolve(): void
  reject(error: unknown): void
}

/** A journal that keeps what was asked of it when the test says so: then, or never. */
export class SlowJournal extends MemorySessionJournal {
  #asked: Asked[] = []

  override append(entries: readonly JournalEntry[]): Promise<void> {
    return this.#ask(() => super.append(entries))
  }

  override forget(session: string): Promise<void> {
    return this.#ask(() => super.forget(session))
  }

  get waiting(): number {
    return this.#asked.length
  }

  /** The disk takes all that waits, in order. `isTold` false: the server is killed before it can say so. */
  async keep({ isTold = true } = {}): Promise<void> {
    for (const { write, resolve } of this.#take()) {
      await write()
      if (isTold) resolve()
    }
  }

  /** The disk is full. */
  fail(): void {
    for (const { reject } of this.#take()) reject(new TesseraError('JOURNAL_UNWRITABLE', 'The disk is full.'))
  }

  /** The server is killed: what waited was never kept, and nobody hears of it. */
  lose(): void {
    this.#take()
  }

  #ask(write: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => this.#asked.push({ write, resolve, reject }))
  }

  #take(): Asked[] {
    const asked = this.#asked
    this.#asked = []
    return asked
  }
}
