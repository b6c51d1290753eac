import path from 'node:path'
import { TesseraError } from '@tessera/protocol'
import Sqlite from 'better-sqlite3'
import { toDatabaseError } from './database-error.ts'

/**
 * Holds a data directory for this process alone. The lock is the operating system's, on a file inside: it goes with the
 * process, however that ends, so nothing stale is ever left behind.
 * @throws TesseraError `DATA_DIR_IN_USE`, or what opening a file there can end in.
 */
export const holdDataDirectory = (directory: string): (() => void) => {
  const file = path.join(directory, 'lock.db')
  const lock = open(file)
  try {
    lock.pragma('locking_mode = EXCLUSIVE')
    lock.exec('BEGIN EXCLUSIVE')
  } catch (cause) {
    lock.close()
    if (cause instanceof Sqlite.SqliteError && cause.code === 'SQLITE_BUSY') {
      throw new TesseraError('DATA_DIR_IN_USE', `Another server uses the data directory ${directory}: stop it, or give this one its own with --data-dir.`, {
        cause,
      })
    }
    throw toDatabaseError(cause, file)
  }
  return () => lock.close()
}

const open = (file: string): Sqlite.Database => {
  try {
    return new Sqlite(file, { timeout: 0 })
  } catch (cause) {
    throw toDatabaseError(cause, file)
  }
}
