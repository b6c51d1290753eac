import { closeSync, copyFileSync, existsSync, openSync, readSync, renameSync, rmSync, truncateSync } from 'node:fs'
import type { JournalDamage } from '@tessera/core'
import { markOf, readMark } from './acknowledged-mark.ts'
import { createJournal } from './create-journal.ts'
import { asideName, putAside, removeJournal, sizeOf, syncFolder } from './journal-files.ts'
import { JournalRefused } from './journal-refused.ts'
import { parseDamage } from './parse-damage.ts'
import { type JournalReading, JournalUnreadable, readJournal } from './read-journal.ts'

const draftOf = (file: string): string => `${file}.salvaging`
const salvagedOf = (file: string): string => `${file}.salvaged`
const copyOf = (file: string): string => `${file}.reading`

/**
 * Makes a journal of what can be read of a damaged one, puts that aside and takes its place. Until the last step nothing of
 * the damaged one is touched.
 * @throws JournalRefused `JOURNAL_DAMAGED` where nothing can be read: everything stays as it is.
 */
export const salvageJournal = (file: string, at: string): void => {
  const reading = readBest(file)
  const aside = asideName(file, 'damaged', at)
  const damage: JournalDamage = { what: reading.damage.join(' '), entriesCut: reading.entriesCut, sessions: reading.lost, file: aside }
  createJournal(draftOf(file), reading.sessions, JSON.stringify(damage))
  rmSync(markOf(draftOf(file)), { force: true })
  renameSync(draftOf(file), salvagedOf(file))
  syncFolder(file)
  finishSalvage(file)
}

/** Goes on where a salvage was interrupted: what was salvaged is whole as soon as it has its name. */
export const finishSalvage = (file: string): void => {
  for (const left of [draftOf(file), copyOf(file)]) removeJournal(left)
  if (!existsSync(salvagedOf(file))) return
  const damage = parseDamage(readJournal(salvagedOf(file))?.head?.damage ?? null)
  putAside(file, damage?.file ?? asideName(file, 'damaged', 'unknown'))
  renameSync(salvagedOf(file), file)
  syncFolder(file)
}

/** A write-ahead log that is broken, but was written back before, only harms: without it the file may say more. */
const readBest = (file: string): JournalReading => {
  if (sizeOf(file) === 0 && sizeOf(`${file}-wal`) === 0) return emptied(file)
  const readings = [readCopy(file, true), readCopy(file, false)].filter((reading) => reading !== null)
  const [best] = readings.sort((a, b) => b.lastSeq - a.lastSeq || a.lost.length - b.lost.length || a.damage.length - b.damage.length)
  if (best !== undefined)
    return {
      ...best,
      damage: best.damage.length > 0 ? best.damage : ['It can be read only without its write-ahead log, or after what was cut from it was filled up.'],
    }
  throw new JournalRefused(
    'JOURNAL_DAMAGED',
    `The session journal ${file} is damaged so far that nothing can be read, or is no journal at all. Restore it from a backup, or start with --discard-sessions: that puts it aside and starts without sessions.`,
  )
}

/** An empty file is no damage by itself, but where entries were acknowledged it lost them. */
const emptied = (file: string): JournalReading => ({
  head: null,
  sessions: new Map(),
  lastSeq: 0,
  logLength: 0,
  damage: ['It is empty.'],
  entriesCut: readMark(file),
  lost: [],
})

/** Null where nothing can be read. Reads a copy, which is mended first where SQLite would refuse a file that was cut. */
const readCopy = (file: string, withLog: boolean): JournalReading | null => {
  const copy = copyOf(file)
  try {
    if (existsSync(file)) copyFileSync(file, copy)
    if (withLog && existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${copy}-wal`)
    if (existsSync(markOf(file))) copyFileSync(markOf(file), markOf(copy))
    fillUp(copy)
    return readJournal(copy)
  } catch (error) {
    if (error instanceof JournalUnreadable) return null
    throw error
  } finally {
    removeJournal(copy)
  }
}

const pageBytes = 4096

/** Gives a file that was cut the length that its header tells. */
const fillUp = (copy: string): void => {
  const header = Buffer.alloc(100)
  const descriptor = openSync(copy, 'a+', 0o600)
  readSync(descriptor, header, 0, header.length, 0)
  closeSync(descriptor)
  const told = header.readUInt32BE(28) * pageBytes
  const size = sizeOf(copy)
  // A flipped bit may tell any length.
  if (told > size && told <= Math.max(2 * size, 1024 * pageBytes)) truncateSync(copy, told)
  else if (size < pageBytes) truncateSync(copy, pageBytes)
}
