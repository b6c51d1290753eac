import { versionLogContract } from '@tessera/core/contracts'
import { onScratchDatabase } from '../test/scratch-database.ts'
import { createVersionLog } from './version-log.ts'

versionLogContract('SQLite', onScratchDatabase(createVersionLog))
