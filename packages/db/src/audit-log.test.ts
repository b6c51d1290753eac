import { auditLogContract } from '@tessera/core/contracts'
import { onScratchDatabase } from '../test/scratch-database.ts'
import { createAuditLog } from './audit-log.ts'

auditLogContract('SQLite', onScratchDatabase(createAuditLog))
