import { directoryStoreContract } from '@tessera/core/contracts'
import { onScratchDatabase } from '../test/scratch-database.ts'
import { createDirectoryStore } from './directory-store.ts'

directoryStoreContract('SQLite', onScratchDatabase(createDirectoryStore))
