import type Sqlite from 'better-sqlite3'
import { decodeText, type JournalHead, parseRow, parseSeal, type SessionSeal, sealCrc } from './journal-format.ts'
import { unlessDamaged } from './unless-damaged.ts'

export type JournalParts = Map<string, Map<string, string>>

export interface StateReading {
  sessions: JournalParts
  lost: Set<string>
  /** Sessions are missing of which not even the name is known: what the log says of a stranger may be half of it. */
  missesSessions: boolean
  damage: string[]
}

/** Reads the sessions that are whole; one of which any part is missing, altered or of another moment is left out. */
export const readState = (database: Sqlite.Database, head: JournalHead | null): StateReading => {
  const reading: StateReading = { sessions: new Map(), lost: new Set(), missesSessions: false, damage: [] }
  const parts = database.prepare<[string], unknown[]>('SELECT seq, flags, session, part, text, crc FROM state WHERE session = ?').raw()
  const seals = readSeals(database)
  for (const seal of seals.values()) {
    const found = unlessDamaged(() => readParts(parts.all(seal.session), seal))
    if (found === null) reading.lost.add(decodeText(seal.session))
    else reading.sessions.set(decodeText(seal.session), found)
  }
  const sum = [...seals.values()].reduce((total, seal) => total + sealCrc(seal), 0)
  reading.missesSessions = head?.sessions !== seals.size || head.sum !== sum
  if (head !== null && reading.missesSessions) reading.damage.push(`Of ${head.sessions} older sessions ${seals.size} can be told.`)
  if (reading.lost.size > 0) reading.damage.push(`A part of ${reading.lost.size} sessions cannot be read: they are left out whole.`)
  return reading
}

/** From both ends, so that a page that cannot be read hides no more than itself. */
const readSeals = (database: Sqlite.Database): Map<string, SessionSeal> => {
  const seals = new Map<string, SessionSeal>()
  const readFrom = (order: 'ASC' | 'DESC'): true | null =>
    unlessDamaged(() => {
      for (const columns of database.prepare<[], unknown[]>(`SELECT session, parts, sum, crc FROM sessions ORDER BY session ${order}`).raw().iterate()) {
        const seal = parseSeal(columns)
        if (seal !== null) seals.set(seal.session, seal)
      }
      return true
    })
  if (readFrom('ASC') === null) readFrom('DESC')
  return seals
}

const readParts = (found: readonly unknown[][], seal: SessionSeal): Map<string, string> | null => {
  const parts = new Map<string, string>()
  let sum = 0
  for (const columns of found) {
    const row = parseRow(columns)
    if (row === null || row.session !== seal.session || row.part === null || row.text === null) return null
    parts.set(decodeText(row.part), decodeText(row.text))
    sum += Number(columns.at(-1))
  }
  return parts.size === seal.parts && sum === seal.sum ? parts : null
}
