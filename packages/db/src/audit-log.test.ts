import { auditLogContract } from '@tessera/core/contracts'
import { expect, test } from 'vitest'
import { onScratchDatabase, withDatabase } from '../test/scratch-database.ts'
import { createAuditLog } from './audit-log.ts'

auditLogContract('SQLite', onScratchDatabase(createAuditLog))

test('A8 the database itself refuses to change or remove an entry', () =>
  withDatabase(async (database) => {
    const log = createAuditLog(database)
    await log.append({ at: '2026-11-22T10:00:00.000Z', who: 'Ada', role: 'admin', act: 'x', target: 'y', reason: '', ok: true, code: null })
    const [kept] = await log.list({ limit: 1, before: null })
    for (const attempt of ['UPDATE "AuditEntry" SET "who" = \'Bob\'', 'DELETE FROM "AuditEntry"']) {
      await expect(database.query((client) => client.$executeRawUnsafe(attempt))).rejects.toMatchObject({ code: 'DATABASE_ERROR' })
    }
    expect(await log.list({ limit: 10, before: null })).toEqual([kept])
  }))
