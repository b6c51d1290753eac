import { directoryStoreContract } from '../contracts/directory-store.contract.ts'
import { MemoryDirectoryStore } from './memory-directory-store.ts'

directoryStoreContract('memory', async () => ({ store: new MemoryDirectoryStore(), close: async () => undefined }))
