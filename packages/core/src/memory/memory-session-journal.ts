import type { JournalContents, JournalEntry, SessionJournal } from '../ports/session-journal.ts'

/** What sessions keep, for as long as this object lives: alone, and in tests, where a second engine is a restart. */
export class MemorySessionJournal implements SessionJournal {
  readonly #sessions = new Map<string, Map<string, string>>()

  async load(): Promise<JournalContents> {
    return { sessions: new Map([...this.#sessions].map(([session, parts]) => [session, new Map(parts)])), damage: null }
  }

  async append(entries: readonly JournalEntry[]): Promise<void> {
    for (const { session, part, text } of entries) this.#put(session, part, text)
  }

  async forget(session: string): Promise<void> {
    this.#sessions.delete(session)
  }

  #put(session: string, part: string, text: string | null): void {
    const parts = this.#sessions.get(session) ?? new Map<string, string>()
    if (text === null) parts.delete(part)
    else parts.set(part, text)
    if (parts.size > 0) this.#sessions.set(session, parts)
    else this.#sessions.delete(session)
  }
}
