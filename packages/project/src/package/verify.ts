import { type Problem, TesseraError } from '@tessera/protocol'
import { readArchive } from './archive.ts'
import { damagedEntry } from './damaged.ts'

/** Checks every byte of an archive; an empty list means that it is whole. */
export const verifyArchive = (archive: Uint8Array): Problem[] => {
  try {
    readArchive(archive)
    return []
  } catch (cause) {
    if (!(cause instanceof TesseraError)) throw cause
    return cause.problems === undefined || cause.problems.length === 0 ? [damagedEntry('', cause.message)] : [...cause.problems]
  }
}
