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
  const seals = readSeals(database)
  const whole = unlessDamaged(() => sweep(database, seals)) ?? readOneByOne(database, seals)
  for (const session of seals.keys()) {
    const parts = whole.get(session)
    if (parts === undefined) reading.lost.add(decodeText(session))
    else reading.sessions.set(decodeText(session), parts)
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

type Rows = readonly unknown[][]

const columns = 'SELECT seq, flags, session, part, text, crc FROM state'

/** The sessions that are whole, in half the time that one by one takes. */
const sweep = (database: Sqlite.Database, seals: ReadonlyMap<string, SessionSeal>): JournalParts => {
  const whole: JournalParts = new Map()
  let rows: unknown[][] = []
  const finish = (): void => {
    const seal = seals.get(String(rows[0]?.[2]))
    const parts = seal === undefined ? null : readParts(rows, seal)
    if (seal !== undefined && parts !== null) whole.set(seal.session, parts)
    rows = []
  }
  for (const row of database.prepare<[], unknown[]>(`${columns} ORDER BY session`).raw().iterate()) {
    if (rows.length > 0 && rows[0]?.[2] !== row[2]) finish()
    rows.push(row)
  }
  finish()
  return whole
}

/** A page that cannot be read ends a sweep; so it costs no more than the sessions that it holds. */
const readOneByOne = (database: Sqlite.Database, seals: ReadonlyMap<string, SessionSeal>): JournalParts => {
  const whole: JournalParts = new Map()
  const one = database.prepare<[string], unknown[]>(`${columns} WHERE session = ?`).raw()
  for (const seal of seals.values()) {
    const parts = unlessDamaged(() => readParts(one.all(seal.session), seal))
    if (parts !== null) whole.set(seal.session, parts)
  }
  return whole
}

const readParts = (found: Rows, seal: SessionSeal): Map<string, string> | null => {
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
