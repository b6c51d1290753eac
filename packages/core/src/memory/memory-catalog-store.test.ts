import { catalogStoreContract } from '../contracts/catalog-store.contract.ts'
import { MemoryCatalogStore } from './memory-catalog-store.ts'

catalogStoreContract('memory', async () => ({ store: new MemoryCatalogStore(), close: async () => undefined }))
