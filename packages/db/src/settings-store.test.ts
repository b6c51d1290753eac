import { settingsStoreContract } from '@tessera/core/contracts'
import { onScratchDatabase } from '../test/scratch-database.ts'
import { createSettingsStore } from './settings-store.ts'

settingsStoreContract('SQLite', onScratchDatabase(createSettingsStore))
