import { credentialStoreContract } from '@tessera/core/contracts'
import { onScratchDatabase } from '../test/scratch-database.ts'
import { createCredentialStore } from './credential-store.ts'

credentialStoreContract('SQLite', onScratchDatabase(createCredentialStore))
