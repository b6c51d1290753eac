import { prepareFile } from '../prepare-file.ts'
import { headWriter } from './head-writer.ts'
import { JournalFile, openJournalDatabase } from './journal-file.ts'
import { type JournalHead, journalFormat, journalSchema } from './journal-format.ts'
import type { JournalGroup } from './journal-messages.ts'
import type { JournalParts } from './read-state.ts'

export const emptyHead: JournalHead = { format: journalFormat, folded: 0, sessions: 0, sum: 0, damage: null }

/** Makes the tables in a file that has none. */
export const beginJournal = (file: string): void => {
  prepareFile(file)
  const database = openJournalDatabase(file)
  try {
    database.transaction(() => {
      database.exec(journalSchema)
      headWriter(database)(emptyHead)
    })()
  } finally {
    database.close()
  }
}

/** Makes a whole journal, on the disk when this returns. */
export const createJournal = (file: string, sessions: JournalParts, damage: string): void => {
  beginJournal(file)
  const journal = new JournalFile(file, openJournalDatabase(file), { head: emptyHead, lastSeq: 0, logLength: 0, sessions: [] })
  try {
    for (const group of groupsOf(sessions)) {
      journal.write(group)
      while (journal.needsFolding) journal.fold()
    }
    journal.noteDamage(damage)
  } finally {
    journal.close()
  }
}

const groupRows = 1000

function* groupsOf(sessions: JournalParts): Generator<JournalGroup> {
  let group = { fields: [] as string[], sizes: [] as number[] }
  for (const [session, parts] of sessions) {
    for (const [part, text] of parts) group.fields.push(session, part, text)
    group.sizes.push(parts.size)
    if (group.sizes.length < groupRows) continue
    yield group
    group = { fields: [], sizes: [] }
  }
  yield group
}
