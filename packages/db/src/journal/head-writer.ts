import type Sqlite from 'better-sqlite3'
import { headCrc, type JournalHead } from './journal-format.ts'

export type HeadWriter = (head: JournalHead) => void

export const headWriter = (database: Sqlite.Database): HeadWriter => {
  const put = database.prepare('INSERT OR REPLACE INTO head (one, format, folded, sessions, sum, damage, crc) VALUES (1, ?, ?, ?, ?, ?, ?)')
  return (head) => {
    put.run(head.format, head.folded, head.sessions, head.sum, head.damage, headCrc(head))
  }
}
