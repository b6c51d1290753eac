import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { markOf } from './acknowledged-mark.ts'

/** The files of one journal; the side files first, so that one left behind is never taken for that of another journal. */
const journalFiles = (file: string): string[] => [`${file}-wal`, markOf(file), file]

export const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0

export const removeJournal = (file: string): void => {
  for (const one of [...journalFiles(file), `${file}-shm`]) rmSync(one, { force: true })
}

/** A name for putting a journal aside that nobody has. `at` is an instant in ISO 8601. */
export const asideName = (file: string, reason: 'damaged' | 'discarded', at: string): string => {
  const name = `${file}.${reason}-${at.replaceAll(/[:.]/g, '-')}`
  let free = name
  for (let number = 2; journalFiles(free).some((one) => existsSync(one)); number += 1) free = `${name}-${number}`
  return free
}

/** Renames what there is of a journal; asked again after it was interrupted, it goes on. */
export const putAside = (file: string, aside: string): void => {
  const targets = journalFiles(aside)
  for (const [index, one] of journalFiles(file).entries()) if (existsSync(one)) renameSync(one, targets[index] ?? aside)
  rmSync(`${file}-shm`, { force: true })
  syncFolder(file)
}

/** A renamed file survives a power cut when its folder has reached the disk. Windows writes folders by itself, and opens none. */
export const syncFolder = (file: string): void => {
  if (process.platform === 'win32') return
  const folder = openSync(path.dirname(file), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
