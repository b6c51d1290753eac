import { credentialStoreContract } from '../contracts/credential-store.contract.ts'
import { MemoryCredentialStore } from './memory-credential-store.ts'

credentialStoreContract('memory', async () => ({ store: new MemoryCredentialStore(), close: async () => undefined }))
