import { sessionJournalContract } from '@tessera/core/contracts'
import { makeJournalFolder } from '../test/journal-home.ts'

sessionJournalContract('SQLite', makeJournalFolder)
