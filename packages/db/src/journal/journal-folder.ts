import type Sqlite from 'better-sqlite3'
import { type HeadWriter, headWriter } from './head-writer.ts'
import { endsAppend, type JournalHead, type JournalRow, type SessionSeal, sealCrc } from './journal-format.ts'

export interface FoldLimits {
  /** The log is folded when it is longer than this. */
  logRows: number
  logCharacters: number
  /** The least that one step folds: appends wait for it. */
  stepRows: number
  stepCharacters: number
}

/** A longer log saves work, since what was written over is never folded, and takes longer to read at a start. */
export const productLimits: FoldLimits = { logRows: 20_000, logCharacters: 16_000_000, stepRows: 500, stepCharacters: 500_000 }

/** Reading an entry that was written over costs about a twentieth of copying one. */
const readForCopied = 20

interface Change {
  forgotten: boolean
  /** By part, the entry that holds its text; null where it was removed. */
  parts: Map<string, Pick<Piece, 'seq' | 'crc'> | null>
}

type Piece = { seq: number; flags: number; crc: number; session: string; part: string | null; bytes: number | null }

/** Folds the log into the state piece by piece. No text leaves SQLite for it, and only the last text of a part is copied. */
export class JournalFolder {
  readonly #limits: FoldLimits
  readonly #putHead: HeadWriter
  readonly #step: Sqlite.Transaction<(head: JournalHead) => JournalHead>
  readonly #statements: ReturnType<typeof prepareStatements>
  #length: number
  #grown = { rows: 0, characters: 0 }
  #until: number | null = null

  constructor(database: Sqlite.Database, length: number, limits: FoldLimits) {
    this.#limits = limits
    this.#length = length
    this.#putHead = headWriter(database)
    this.#statements = prepareStatements(database)
    this.#step = database.transaction((head) => this.#foldPiece(head))
  }

  grow(rows: readonly JournalRow[]): void {
    let characters = 0
    for (const { text } of rows) characters += text?.length ?? 0
    this.#length += characters
    this.#grown = { rows: this.#grown.rows + rows.length, characters: this.#grown.characters + characters }
  }

  needsFolding(rows: number): boolean {
    return this.#until !== null || rows > this.#limits.logRows || this.#length > this.#limits.logCharacters
  }

  /** One step, towards the entry that was the last when the first step was taken. */
  fold(head: JournalHead, lastSeq: number): JournalHead {
    if (this.#until === null) {
      this.#until = lastSeq
      this.#length = 0
      this.#grown = { rows: 0, characters: 0 }
    }
    const next = this.#step(head)
    this.#grown = { rows: 0, characters: 0 }
    if (next.folded >= this.#until) this.#until = null
    return next
  }

  #foldPiece(head: JournalHead): JournalHead {
    const piece = this.#pick()
    const next = { ...head, folded: piece.at(-1)?.seq ?? head.folded }
    for (const [session, change] of changesOf(piece)) this.#apply(next, session, change)
    this.#statements.cut.run(next.folded)
    this.#putHead(next)
    return next
  }

  /**
   * Whole appends: the state never holds half of one. What counts is what is copied, the last text of each part: what was
   * written over is only read. At least twice what was appended since the step before, so that the log gets shorter.
   */
  #pick(): Piece[] {
    const { stepRows, stepCharacters } = this.#limits
    const mostCopied = Math.max(stepRows, 2 * this.#grown.rows)
    const mostBytes = Math.max(stepCharacters, 2 * this.#grown.characters)
    const mostRead = Math.max(mostCopied, readForCopied * stepRows)
    const piece: Piece[] = []
    const copied = new Set<string>()
    let bytes = 0
    for (const row of this.#statements.pick.iterate()) {
      piece.push(row)
      const before = copied.size
      copied.add(`${row.session} ${row.part}`)
      if (copied.size > before) bytes += row.bytes ?? 0
      if ((row.flags & endsAppend) !== 0 && (copied.size >= mostCopied || bytes >= mostBytes || piece.length >= mostRead)) break
    }
    return piece
  }

  #apply(head: JournalHead, session: string, { forgotten, parts }: Change): void {
    const { forget, remove, put, oldCrc, oldSeal } = this.#statements
    const before = oldSeal.get(session)
    if (before !== undefined) {
      head.sessions -= 1
      head.sum -= before.crc
    }
    if (forgotten) forget.run(session)
    const seal = forgotten || before === undefined ? { parts: 0, sum: 0 } : before
    for (const [part, entry] of parts) {
      const old = oldCrc.get(session, part)
      seal.parts += Number(entry !== null) - Number(old !== undefined)
      seal.sum += (entry?.crc ?? 0) - (old ?? 0)
      if (entry !== null) put.run(entry.seq)
      else if (old !== undefined) remove.run(session, part)
    }
    this.#seal(head, session, seal)
  }

  #seal(head: JournalHead, session: string, { parts, sum }: Pick<SessionSeal, 'parts' | 'sum'>): void {
    const { seal, unseal } = this.#statements
    if (parts === 0) {
      unseal.run(session)
      return
    }
    const crc = sealCrc({ session, parts, sum })
    seal.run(session, parts, sum, crc)
    head.sessions += 1
    head.sum += crc
  }
}

const prepareStatements = (database: Sqlite.Database) => ({
  pick: database.prepare<[], Piece>('SELECT seq, flags, crc, session, part, octet_length(text) AS bytes FROM log ORDER BY seq'),
  cut: database.prepare<[number]>('DELETE FROM log WHERE seq <= ?'),
  forget: database.prepare<[string]>('DELETE FROM state WHERE session = ?'),
  remove: database.prepare<[string, string]>('DELETE FROM state WHERE session = ? AND part = ?'),
  put: database.prepare<[number]>(
    'INSERT OR REPLACE INTO state (session, part, seq, flags, crc, text) SELECT session, part, seq, flags, crc, text FROM log WHERE seq = ?',
  ),
  oldSeal: database.prepare<[string], Pick<SessionSeal, 'parts' | 'sum'> & { crc: number }>('SELECT parts, sum, crc FROM sessions WHERE session = ?'),
  oldCrc: database.prepare<[string, string], number>('SELECT crc FROM state WHERE session = ? AND part = ?').pluck(),
  seal: database.prepare<[string, number, number, number]>('INSERT OR REPLACE INTO sessions (session, parts, sum, crc) VALUES (?, ?, ?, ?)'),
  unseal: database.prepare<[string]>('DELETE FROM sessions WHERE session = ?'),
})

/** What a piece of the log comes to. The state is older than all of the log, so whatever was forgotten or removed goes from it first. */
const changesOf = (piece: readonly Piece[]): Map<string, Change> => {
  const changes = new Map<string, Change>()
  for (const { seq, crc, session, part, bytes } of piece) {
    const change = changes.get(session)
    if (part === null) changes.set(session, { forgotten: true, parts: new Map() })
    else if (change === undefined) changes.set(session, { forgotten: false, parts: new Map([[part, bytes === null ? null : { seq, crc }]]) })
    else change.parts.set(part, bytes === null ? null : { seq, crc })
  }
  return changes
}
