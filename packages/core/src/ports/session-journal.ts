/**
 * One part of what a session must not lose: its facts, a slot, a process, a token. `part` is a name that the engine chose,
 * unique inside its session; `text` null removes the part.
 */
export interface JournalEntry {
  session: string
  part: string
  text: string | null
}

/** What a journal could not read and left out. It is kept aside in `file`, so nothing is lost. */
export interface JournalDamage {
  /** For people: what was damaged, and how much was left out. */
  what: string
  /** Entries that were cut off at the end, where that can be told. */
  entriesCut: number | null
  /** Sessions of which a part cannot be read: they are left out whole. */
  sessions: readonly string[]
  /** Where the damaged file was put. */
  file: string | null
}

export interface JournalContents {
  /** By session, its parts as they were written last. */
  sessions: ReadonlyMap<string, ReadonlyMap<string, string>>
  damage: JournalDamage | null
}

/** Keeps what sessions must not lose when the server is killed (decision 5). Everything takes effect in the order of asking. */
export interface SessionJournal {
  /**
   * What is kept. Asked once, before anything is appended.
   * @throws TesseraError `JOURNAL_DAMAGED` where nothing can be read at all, `JOURNAL_TOO_NEW`; the file is left as it is.
   */
  load(): Promise<JournalContents>
  /**
   * Keeps all of the entries or none, and resolves when they would survive a power cut.
   * @throws TesseraError `JOURNAL_UNWRITABLE`: nothing of it is kept, nor of anything that was asked for after it and not
   * answered by then; what is asked for later is tried anew.
   */
  append(entries: readonly JournalEntry[]): Promise<void>
  /** Removes every part of a session. @throws TesseraError `JOURNAL_UNWRITABLE`, as above. */
  forget(session: string): Promise<void>
}
