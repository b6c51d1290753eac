import Sqlite from 'better-sqlite3'

/** Null where SQLite stumbles over what it reads. @throws what says nothing about the contents of the file. */
export const unlessDamaged = <Result>(read: () => Result): Result | null => {
  try {
    return read()
  } catch (error) {
    if (isDamage(error)) return null
    throw error
  }
}

/** A page that lies about itself can ask for anything; only what comes from outside of the file says nothing about it. */
const isDamage = (error: unknown): boolean => error instanceof Sqlite.SqliteError && !/^SQLITE_(?:CANTOPEN|BUSY|LOCKED|NOMEM|READONLY|PERM)/.test(error.code)
