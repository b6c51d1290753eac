import type Sqlite from 'better-sqlite3'
import { beginsSession, decodeText, endsAppend, type JournalHead, type JournalRow, parseRow } from './journal-format.ts'
import type { StateReading } from './read-state.ts'
import { unlessDamaged } from './unless-damaged.ts'

export interface LogReading {
  lastSeq: number
  logLength: number
  entriesCut: number | null
  damage: string[]
}

interface LogContext {
  head: JournalHead | null
  /** Is brought up to date by what is read. */
  state: StateReading
  /** The last entry that is known to have been acknowledged. */
  acknowledged: number | null
}

/** Reads append by append, up to the first that is not whole. */
export const readLog = (database: Sqlite.Database, { head, state, acknowledged }: LogContext): LogReading => {
  const folded = head?.folded ?? firstSeq(database) - 1
  const reading: LogReading = { lastSeq: folded, logLength: 0, entriesCut: null, damage: [] }
  let pending: JournalRow[] = []
  const end = unlessDamaged(() => {
    for (const columns of database.prepare<[], unknown[]>('SELECT seq, flags, session, part, text, crc FROM log ORDER BY seq').raw().iterate()) {
      const row = parseRow(columns)
      if (row === null || row.seq !== reading.lastSeq + pending.length + 1) return 'broken'
      pending.push(row)
      if ((row.flags & endsAppend) === 0) continue
      for (const one of pending) applyRow(state, one)
      reading.lastSeq = row.seq
      reading.logLength += pending.reduce((total, { text }) => total + (text?.length ?? 0), 0)
      pending = []
    }
    return pending.length === 0 ? 'whole' : 'broken'
  })
  const missing = (acknowledged ?? (end === 'whole' ? 0 : lastSeqOf(database))) - reading.lastSeq
  if (end !== 'whole' || missing > 0) describeCut(reading, missing)
  return reading
}

const describeCut = (reading: LogReading, missing: number): void => {
  reading.entriesCut = missing > 0 ? missing : null
  reading.damage.push(missing > 0 ? `Its last ${missing} entries are missing or cannot be read.` : 'Its last entries cannot be read.')
}

const applyRow = ({ sessions, lost, missesSessions }: StateReading, row: JournalRow): void => {
  const session = decodeText(row.session)
  if (row.part === null || (row.flags & beginsSession) !== 0) {
    sessions.delete(session)
    lost.delete(session)
  } else if (missesSessions && !sessions.has(session)) lost.add(session)
  if (row.part === null || lost.has(session)) return
  const parts = sessions.get(session) ?? new Map<string, string>()
  if (row.text === null) parts.delete(decodeText(row.part))
  else parts.set(decodeText(row.part), decodeText(row.text))
  if (parts.size > 0) sessions.set(session, parts)
  else sessions.delete(session)
}

const firstSeq = (database: Sqlite.Database): number => Number(unlessDamaged(() => database.prepare('SELECT min(seq) FROM log').pluck().get()) ?? 1)

const lastSeqOf = (database: Sqlite.Database): number => Number(unlessDamaged(() => database.prepare('SELECT max(seq) FROM log').pluck().get()) ?? 0)
