import { settingsStoreContract } from '../contracts/settings-store.contract.ts'
import { MemorySettingsStore } from './memory-settings-store.ts'

settingsStoreContract('memory', async () => ({ store: new MemorySettingsStore(), close: async () => undefined }))
