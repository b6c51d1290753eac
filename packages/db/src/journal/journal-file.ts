import Sqlite from 'better-sqlite3'
import { AcknowledgedMark } from './acknowledged-mark.ts'
import { type HeadWriter, headWriter } from './head-writer.ts'
import { type FoldLimits, JournalFolder, productLimits } from './journal-folder.ts'
import { beginsSession, encodeText, endsAppend, type JournalHead, type JournalRow, rowCrc } from './journal-format.ts'
import type { JournalGroup } from './journal-messages.ts'

export interface JournalPosition {
  head: JournalHead
  lastSeq: number
  logLength: number
  /** Sessions of which something is kept. */
  sessions: Iterable<string>
  limits?: FoldLimits
}

/**
 * FULL: a group is acknowledged when it has reached the disk. EXCLUSIVE: nobody else has the data directory, so nothing is locked
 * and unlocked for each group, and no index of the log is shared. The log is written back every 1,000 pages and cut to size.
 */
const settings = `
  PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 1000;
  PRAGMA cache_size = -16000; PRAGMA wal_autocheckpoint = 1000; PRAGMA journal_size_limit = 8000000;`

export const openJournalDatabase = (file: string): Sqlite.Database => {
  const database = new Sqlite(file)
  try {
    database.exec(settings)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** An open journal that is sound. Everything here blocks its thread until the disk has answered. */
export class JournalFile {
  readonly #database: Sqlite.Database
  readonly #mark: AcknowledgedMark
  readonly #folder: JournalFolder
  readonly #known: Set<string>
  readonly #insert: Sqlite.Statement<[number, number, number, string, string | null, string | null]>
  readonly #insertAll: Sqlite.Transaction<(rows: readonly JournalRow[]) => void>
  readonly #putHead: HeadWriter
  #head: JournalHead
  #seq: number

  constructor(file: string, database: Sqlite.Database, { head, lastSeq, logLength, sessions, limits = productLimits }: JournalPosition) {
    this.#database = database
    this.#head = head
    this.#seq = lastSeq
    this.#known = new Set([...sessions].map(encodeText))
    this.#putHead = headWriter(database)
    this.#folder = new JournalFolder(database, logLength, limits)
    this.#insert = database.prepare('INSERT INTO log (seq, flags, crc, session, part, text) VALUES (?, ?, ?, ?, ?, ?)')
    this.#insertAll = database.transaction((rows) => this.#insertRows(rows))
    this.#mark = new AcknowledgedMark(file)
    this.#mark.set(lastSeq)
  }

  /** Keeps all of a group, or throws and keeps nothing of it. */
  write(group: JournalGroup): void {
    const rows = this.#toRows(group)
    if (rows.length === 0) return
    this.#insertAll(rows)
    this.#head = { ...this.#head, damage: null }
    this.#seq += rows.length
    this.#folder.grow(rows)
    for (const { session, part } of rows) {
      if (part === null) this.#known.delete(session)
      else this.#known.add(session)
    }
    this.#mark.set(this.#seq)
  }

  /** Whether the log has grown so long that `fold` has work. */
  get needsFolding(): boolean {
    return this.#folder.needsFolding(this.#seq - this.#head.folded)
  }

  /** Folds a bounded piece of the log into the state. */
  fold(): void {
    this.#head = this.#folder.fold(this.#head, this.#seq)
  }

  /** Writes down what was left out of this file, until the next group is kept. */
  noteDamage(damage: string): void {
    this.#head = { ...this.#head, damage }
    this.#putHead(this.#head)
  }

  close(): void {
    this.#database.close()
    this.#mark.close()
  }

  #insertRows(rows: readonly JournalRow[]): void {
    if (this.#head.damage !== null) this.#putHead({ ...this.#head, damage: null })
    for (const row of rows) this.#insert.run(row.seq, row.flags, rowCrc(row), row.session, row.part, row.text)
  }

  #toRows({ fields, sizes }: JournalGroup): JournalRow[] {
    const rows: JournalRow[] = []
    /** By session, whether something is kept of it by then. */
    const kept = new Map<string, boolean>()
    for (const size of sizes) {
      for (let left = size; left > 0; left -= 1) {
        const [session = '', part = null, text = null] = fields.slice(rows.length * 3, rows.length * 3 + 3).map(encodeOrNull)
        const name = session ?? ''
        const begins = part !== null && !(kept.get(name) ?? this.#known.has(name))
        kept.set(name, part !== null)
        rows.push({ seq: this.#seq + rows.length + 1, flags: (begins ? beginsSession : 0) | (left === 1 ? endsAppend : 0), session: name, part, text })
      }
    }
    return rows
  }
}

const encodeOrNull = (text: string | null): string | null => (text === null ? null : encodeText(text))
