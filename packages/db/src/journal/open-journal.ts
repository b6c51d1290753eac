import { existsSync, rmSync } from 'node:fs'
import type { JournalDamage } from '@tessera/core'
import { prepareFile } from '../prepare-file.ts'
import { markOf, readMark } from './acknowledged-mark.ts'
import { beginJournal } from './create-journal.ts'
import { JournalFile, openJournalDatabase } from './journal-file.ts'
import { sizeOf } from './journal-files.ts'
import { type FoldLimits, productLimits } from './journal-folder.ts'
import { parseDamage } from './parse-damage.ts'
import { type JournalReading, JournalUnreadable, readJournal } from './read-journal.ts'
import type { JournalParts } from './read-state.ts'
import { finishSalvage, salvageJournal } from './salvage-journal.ts'

export interface OpenedJournal {
  journal: JournalFile
  sessions: JournalParts
  damage: JournalDamage | null
}

export interface OpenOptions {
  file: string
  /** Names what is put aside. An instant in ISO 8601. */
  at: string
  limits?: FoldLimits
}

/**
 * Opens a journal, makes one where there is none, and salvages one that is damaged.
 * @throws JournalRefused `JOURNAL_DAMAGED`, `JOURNAL_TOO_NEW`, or what SQLite and the file system throw.
 */
export const openJournal = ({ file, at, limits = productLimits }: OpenOptions): OpenedJournal => {
  finishSalvage(file)
  const reading = readSound(file) ?? readAfterSalvage(file, at)
  const { head, sessions, lastSeq, logLength } = reading
  if (head === null) throw new JournalUnreadable()
  const journal = new JournalFile(file, openJournalDatabase(file), { head, lastSeq, logLength, sessions: sessions.keys(), limits })
  return { journal, sessions, damage: parseDamage(head.damage) }
}

/** Null where it is damaged. */
const readSound = (file: string): JournalReading | null => {
  if (isNew(file)) beginJournal(file)
  if (sizeOf(file) === 0) return null
  prepareFile(file)
  try {
    const reading = readJournal(file) ?? readNew(file)
    return reading !== null && reading.damage.length === 0 ? reading : null
  } catch (error) {
    if (error instanceof JournalUnreadable) return null
    throw error
  }
}

/** A file that somebody took away is not missed; one that is empty is, where entries were acknowledged. */
const isNew = (file: string): boolean => {
  if (sizeOf(file) > 0 || sizeOf(`${file}-wal`) > 0) return false
  if (!existsSync(file)) rmSync(markOf(file), { force: true })
  return (readMark(file) ?? 0) === 0
}

/** A start that was cut short left a database without tables. */
const readNew = (file: string): JournalReading | null => {
  beginJournal(file)
  return readJournal(file)
}

const readAfterSalvage = (file: string, at: string): JournalReading => {
  salvageJournal(file, at)
  const reading = readJournal(file)
  if (reading === null) throw new JournalUnreadable()
  return reading
}
