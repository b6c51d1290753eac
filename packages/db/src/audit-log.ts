import type { AuditLog } from '@tessera/core'
import { type AuditRow, roles } from '@tessera/protocol'
import type { Database } from './client.ts'
import type { AuditEntry } from './generated/sqlite/client.ts'
import { oneOf } from './one-of.ts'

/** The first migration keeps the database itself from changing or removing an entry. */
export const createAuditLog = (database: Database): AuditLog => ({
  async append({ at, who, role, act, target, reason, ok, code }) {
    // The number is chosen by the statement that takes it: no two entries get one, and none is lost to an act that failed.
    await database.query(
      (client) => client.$executeRaw`
        INSERT INTO "AuditEntry" ("number", "at", "who", "role", "act", "target", "reason", "ok", "code")
        VALUES ((SELECT COALESCE(MAX("number"), 0) + 1 FROM "AuditEntry"), ${new Date(at)}, ${who}, ${role}, ${act}, ${target}, ${reason}, ${ok}, ${code})`,
    )
  },

  async list({ limit, before }) {
    if (limit <= 0) return []
    const where = before === null ? {} : { number: { lt: before } }
    const entries = await database.query((client) => client.auditEntry.findMany({ where, orderBy: { number: 'desc' }, take: limit }))
    return entries.map(toRow)
  },
})

const auditRoles = [...roles, 'system'] as const

const toRow = (entry: AuditEntry): AuditRow => ({ ...entry, at: entry.at.toISOString(), role: oneOf(auditRoles, entry.role) })
