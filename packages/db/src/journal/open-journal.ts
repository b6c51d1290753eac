import type { JournalDamage } from '@tessera/core'
import { prepareFile } from '../prepare-file.ts'
import { beginJournal } from './create-journal.ts'
import { JournalFile, openJournalDatabase } from './journal-file.ts'
import { sizeOf } from './journal-files.ts'
import { parseDamage } from './parse-damage.ts'
import { type JournalReading, JournalUnreadable, readJournal } from './read-journal.ts'
import type { JournalParts } from './read-state.ts'
import { finishSalvage, salvageJournal } from './salvage-journal.ts'

export interface OpenedJournal {
  journal: JournalFile
  sessions: JournalParts
  damage: JournalDamage | null
}

/**
 * Opens a journal, makes one where there is none, and salvages one that is damaged; `at` names where that is put.
 * @throws TesseraError `JOURNAL_DAMAGED`, `JOURNAL_TOO_NEW`, or what SQLite and the file system throw.
 */
export const openJournal = (file: string, at: string): OpenedJournal => {
  finishSalvage(file)
  const reading = readSound(file) ?? readAfterSalvage(file, at)
  const { head, sessions, lastSeq, logLength } = reading
  if (head === null) throw new JournalUnreadable()
  const journal = new JournalFile(file, openJournalDatabase(file), { head, lastSeq, logLength, sessions: sessions.keys() })
  return { journal, sessions, damage: parseDamage(head.damage) }
}

/** Null where it is damaged. */
const readSound = (file: string): JournalReading | null => {
  if (sizeOf(file) === 0 && sizeOf(`${file}-wal`) === 0) beginJournal(file)
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
