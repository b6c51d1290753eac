import { existsSync } from 'node:fs'
import { asideName, putAside, sizeOf } from './journal/journal-files.ts'
import { finishSalvage } from './journal/salvage-journal.ts'

/** Puts the session journal aside, whatever is in it, and answers where; null where there was none. Nothing is deleted. */
export const discardSessions = (file: string, now: () => Date = () => new Date()): string | null => {
  finishSalvage(file)
  if (!existsSync(file) && sizeOf(`${file}-wal`) === 0) return null
  const aside = asideName(file, 'discarded', now().toISOString())
  putAside(file, aside)
  return aside
}
