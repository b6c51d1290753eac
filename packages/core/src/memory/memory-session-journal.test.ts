import { sessionJournalContract } from '../contracts/session-journal.contract.ts'
import { MemorySessionJournal } from './memory-session-journal.ts'

sessionJournalContract('memory', async () => {
  const journal = new MemorySessionJournal()
  return { store: { restart: async () => journal }, close: async () => undefined }
})
