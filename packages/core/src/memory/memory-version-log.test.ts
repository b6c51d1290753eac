import { versionLogContract } from '../contracts/version-log.contract.ts'
import { MemoryVersionLog } from './memory-version-log.ts'

versionLogContract('memory', async () => ({ store: new MemoryVersionLog(), close: async () => undefined }))
