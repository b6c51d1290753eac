import path from 'node:path'
import type { JournalHome, MakeStore } from '@tessera/core/contracts'
import { type DurableSessionJournal, openSessionJournal } from '../src/session-journal.ts'
import { scratchFolder } from './scratch-database.ts'

export interface JournalFolder extends JournalHome {
  folder: string
  file: string
  restart(): Promise<DurableSessionJournal>
  stop(): Promise<void>
}

/** A journal in a folder of its own. */
export const makeJournalFolder: MakeStore<JournalFolder> = async () => {
  const { folder, remove } = await scratchFolder()
  const file = path.join(folder, 'journal.db')
  let open: DurableSessionJournal | null = null
  const stop = async (): Promise<void> => {
    await open?.close()
    open = null
  }
  const restart = async (): Promise<DurableSessionJournal> => {
    await stop()
    open = await openSessionJournal({ file })
    return open
  }
  return { store: { folder, file, restart, stop }, close: () => stop().then(remove) }
}

/** Runs one test on a journal in a folder of its own. */
export const withJournal = async (run: (journal: JournalFolder) => Promise<void>): Promise<void> => {
  const { store, close } = await makeJournalFolder()
  try {
    await run(store)
  } finally {
    await close()
  }
}
