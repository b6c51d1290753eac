import { auditLogContract } from '../contracts/audit-log.contract.ts'
import { MemoryAuditLog } from './memory-audit-log.ts'

auditLogContract('memory', async () => ({ store: new MemoryAuditLog(), close: async () => undefined }))
