import { catalogStoreContract } from '@tessera/core/contracts'
import { onScratchDatabase } from '../test/scratch-database.ts'
import { createCatalogStore } from './catalog-store.ts'

catalogStoreContract('SQLite', onScratchDatabase(createCatalogStore))
