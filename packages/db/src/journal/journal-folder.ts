import type Sqlite from 'better-sqlite3'
import { type HeadWriter, headWriter } from './head-writer.ts'
import { endsAppend, type JournalHead, type JournalRow, sealCrc } from './journal-format.ts'

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

interface Change {
  forgotten: boolean
  /** By part, the entry that holds its text; null where it was removed. */
  parts: Map<string, number | null>
}

type Piece = { seq: number; flags: number; session: string; part: string | null; bytes: number | null }

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

  /** Whole appends: the state never holds half of one. Twice what was appended since the step before, so that the log gets shorter. */
  #pick(): Piece[] {
    const piece: Piece[] = []
    const mostRows = Math.max(this.#limits.stepRows, 2 * this.#grown.rows)
    const mostBytes = Math.max(this.#limits.stepCharacters, 2 * this.#grown.characters)
    let bytes = 0
    for (const row of this.#statements.pick.iterate()) {
      piece.push(row)
      bytes += row.bytes ?? 0
      if ((row.flags & endsAppend) !== 0 && (piece.length >= mostRows || bytes >= mostBytes)) break
    }
    return piece
  }

  #apply(head: JournalHead, session: string, { forgotten, parts }: Change): void {
    const { forget, remove, put } = this.#statements
    if (forgotten) forget.run(session)
    for (const [part, seq] of parts) {
      if (seq === null) remove.run(session, part)
      else put.run(seq)
    }
    this.#seal(head, session)
  }

  #seal(head: JournalHead, session: string): void {
    const { oldSeal, count, seal, unseal } = this.#statements
    const before = oldSeal.get(session)
    if (before !== undefined) {
      head.sessions -= 1
      head.sum -= before
    }
    const { parts, sum } = count.get(session) ?? { parts: 0, sum: 0 }
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
  pick: database.prepare<[], Piece>('SELECT seq, flags, session, part, octet_length(text) AS bytes FROM log ORDER BY seq'),
  cut: database.prepare<[number]>('DELETE FROM log WHERE seq <= ?'),
  forget: database.prepare<[string]>('DELETE FROM state WHERE session = ?'),
  remove: database.prepare<[string, string]>('DELETE FROM state WHERE session = ? AND part = ?'),
  put: database.prepare<[number]>(
    'INSERT OR REPLACE INTO state (session, part, seq, flags, crc, text) SELECT session, part, seq, flags, crc, text FROM log WHERE seq = ?',
  ),
  oldSeal: database.prepare<[string], number>('SELECT crc FROM sessions WHERE session = ?').pluck(),
  count: database.prepare<[string], { parts: number; sum: number }>('SELECT count(*) AS parts, total(crc) AS sum FROM state WHERE session = ?'),
  seal: database.prepare<[string, number, number, number]>('INSERT OR REPLACE INTO sessions (session, parts, sum, crc) VALUES (?, ?, ?, ?)'),
  unseal: database.prepare<[string]>('DELETE FROM sessions WHERE session = ?'),
})

/** What a piece of the log comes to. The state is older than all of the log, so whatever was forgotten or removed goes from it first. */
const changesOf = (piece: readonly Piece[]): Map<string, Change> => {
  const changes = new Map<string, Change>()
  for (const { seq, session, part, bytes } of piece) {
    const change = changes.get(session)
    if (part === null) changes.set(session, { forgotten: true, parts: new Map() })
    else if (change === undefined) changes.set(session, { forgotten: false, parts: new Map([[part, bytes === null ? null : seq]]) })
    else change.parts.set(part, bytes === null ? null : seq)
  }
  return changes
}
