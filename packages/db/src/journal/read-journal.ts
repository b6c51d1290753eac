import { readFileSync, rmSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { readMark } from './acknowledged-mark.ts'
import { sizeOf } from './journal-files.ts'
import { type JournalHead, journalFormat, parseHead } from './journal-format.ts'
import { JournalRefused } from './journal-refused.ts'
import { readLog } from './read-log.ts'
import { type JournalParts, readState } from './read-state.ts'
import { unlessDamaged } from './unless-damaged.ts'
import { losesTransactions } from './wal-tail.ts'

/** What a journal file holds, as far as it can be read. */
export interface JournalReading {
  head: JournalHead | null
  sessions: JournalParts
  /** The last entry that is whole, with all of its append. */
  lastSeq: number
  /** Characters of the texts in the log. */
  logLength: number
  /** For people; empty where the file is sound. */
  damage: readonly string[]
  entriesCut: number | null
  /** Sessions that were left out, because a part of theirs cannot be read. */
  lost: readonly string[]
}

/** A file in which there is nothing that can be read. */
export class JournalUnreadable extends Error {}

/**
 * Reads without changing anything. Null where the file is a database without a table: it was made and never written.
 * @throws JournalUnreadable, or JournalRefused `JOURNAL_TOO_NEW`, or what SQLite throws where the file cannot be opened.
 */
export const readJournal = (file: string): JournalReading | null => {
  const database = new Sqlite(file, { readonly: true, fileMustExist: true })
  try {
    return isBlank(database) ? null : readTables(database, file)
  } finally {
    database.close()
    removeTraces(file)
  }
}

/** A connection that only reads leaves the index of the log, and an empty log, behind. */
const removeTraces = (file: string): void => {
  rmSync(`${file}-shm`, { force: true })
  if (sizeOf(`${file}-wal`) === 0) rmSync(`${file}-wal`, { force: true })
}

const isBlank = (database: Sqlite.Database): boolean => {
  const tables = unlessDamaged(() => database.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).pluck().all())
  if (tables?.length === 0 && isDatabase(database.name)) return true
  for (const needed of ['head', 'log', 'sessions', 'state']) if (tables?.includes(needed) !== true) throw new JournalUnreadable()
  return false
}

/** SQLite takes a file of a few bytes for a database that is empty. */
const isDatabase = (file: string): boolean => readFileSync(file).toString('latin1', 0, 16) === 'SQLite format 3\0'

const readTables = (database: Sqlite.Database, file: string): JournalReading => {
  const head = readHead(database, file)
  const damage: string[] = []
  if (head === null) damage.push('Its head cannot be read.')
  if (unlessDamaged(() => database.pragma('quick_check(1)', { simple: true })) !== 'ok') damage.push('Its pages do not fit together.')
  const state = readState(database, head)
  const log = readLog(database, { head, state, acknowledged: readMark(file) })
  if (losesTransactions(`${file}-wal`)) damage.push('Its write-ahead log is broken before its end.')
  return { ...log, head, sessions: state.sessions, damage: [...damage, ...state.damage, ...log.damage], lost: [...state.lost] }
}

/** @throws JournalRefused `JOURNAL_TOO_NEW`. */
const readHead = (database: Sqlite.Database, file: string): JournalHead | null => {
  const columns = unlessDamaged(() => database.prepare<[], unknown[]>('SELECT format, folded, sessions, sum, damage, crc FROM head').raw().get())
  const head = columns === undefined || columns === null ? null : parseHead(columns)
  if (head !== null && head.format > journalFormat) {
    throw new JournalRefused(
      'JOURNAL_TOO_NEW',
      `The session journal ${file} was written by a newer Tessera (format ${head.format}, this one knows ${journalFormat}): use that one, or start with --discard-sessions, which puts the journal aside.`,
    )
  }
  return head
}
