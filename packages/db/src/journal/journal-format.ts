import { crc32 } from 'node:zlib'

/** The format that this Tessera writes. The table `head` stays readable in every later one. */
export const journalFormat = 1

/**
 * `log` takes what is appended, in order and without a gap. What is older than `head.folded` was folded into `state`, where a
 * part is kept once; `sessions` seals each session there (its parts, the sum of their checksums), `head` all of the seals.
 * So a row that is missing is noticed as well as one that was altered, and it is known what it belonged to.
 */
export const journalSchema = `
  CREATE TABLE head (one INTEGER PRIMARY KEY, format INTEGER, folded INTEGER, sessions INTEGER, sum INTEGER, damage TEXT, crc INTEGER);
  CREATE TABLE log (seq INTEGER PRIMARY KEY, flags INTEGER, crc INTEGER, session TEXT, part TEXT, text TEXT);
  CREATE TABLE state (session TEXT, part TEXT, seq INTEGER, flags INTEGER, crc INTEGER, text TEXT, PRIMARY KEY (session, part)) WITHOUT ROWID;
  CREATE TABLE sessions (session TEXT PRIMARY KEY, parts INTEGER, sum INTEGER, crc INTEGER) WITHOUT ROWID;`

/** Set on the last entry of an append, which is kept whole or not at all. */
export const endsAppend = 1
/** Set on the entry that begins a session of which nothing was kept. */
export const beginsSession = 2

/** One entry as it is written. `part` null: the session is forgotten; `text` null: the part is removed. */
export interface JournalRow {
  seq: number
  flags: number
  session: string
  part: string | null
  text: string | null
}

export interface SessionSeal {
  session: string
  parts: number
  sum: number
}

export interface JournalHead {
  format: number
  /** Entries up to this one are in `state`. */
  folded: number
  sessions: number
  /** Of the checksums of their seals. */
  sum: number
  /** What was left out when this file was salvaged from a damaged one, until it was told. */
  damage: string | null
}

const lengthOf = (text: string | null): number => text?.length ?? -1

export const rowCrc = ({ seq, flags, session, part, text }: JournalRow): number =>
  crc32(`${seq} ${flags} ${session.length} ${lengthOf(part)} ${lengthOf(text)} ${session}${part ?? ''}${text ?? ''}`)

export const sealCrc = ({ session, parts, sum }: SessionSeal): number => crc32(`${parts} ${sum} ${session}`)

export const headCrc = ({ format, folded, sessions, sum, damage }: JournalHead): number =>
  crc32(`${format} ${folded} ${sessions} ${sum} ${lengthOf(damage)} ${damage ?? ''}`)

const escapeMark = '\uFFFE'

/** SQLite keeps UTF-8, which has no half of a surrogate pair: a text that has one is kept as JSON, behind a mark. */
export const encodeText = (text: string): string => (text.isWellFormed() && !text.startsWith(escapeMark) ? text : escapeMark + JSON.stringify(text))

export const decodeText = (kept: string): string => (kept.startsWith(escapeMark) ? String(JSON.parse(kept.slice(escapeMark.length))) : kept)

type Columns = readonly unknown[]

/** Reads `seq, flags, session, part, text, crc`. Null where the row is not what was written. */
export const parseRow = ([seq, flags, session, part, text, crc]: Columns): JournalRow | null => {
  if (typeof seq !== 'number' || typeof flags !== 'number' || typeof session !== 'string') return null
  if (!isTextOrNull(part) || !isTextOrNull(text)) return null
  const row = { seq, flags, session, part, text }
  return rowCrc(row) === crc ? row : null
}

/** Reads `session, parts, sum, crc`. */
export const parseSeal = ([session, parts, sum, crc]: Columns): SessionSeal | null => {
  if (typeof session !== 'string' || typeof parts !== 'number' || typeof sum !== 'number') return null
  const seal = { session, parts, sum }
  return sealCrc(seal) === crc ? seal : null
}

/** Reads `format, folded, sessions, sum, damage, crc`. */
export const parseHead = ([format, folded, sessions, sum, damage, crc]: Columns): JournalHead | null => {
  if (typeof format !== 'number' || typeof folded !== 'number' || typeof sessions !== 'number' || typeof sum !== 'number') return null
  if (!isTextOrNull(damage)) return null
  const head = { format, folded, sessions, sum, damage }
  return headCrc(head) === crc ? head : null
}

const isTextOrNull = (value: unknown): value is string | null => value === null || typeof value === 'string'
