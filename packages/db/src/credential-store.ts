import type { Credential, CredentialKind, CredentialStore } from '@tessera/core'
import { tokenExists } from '@tessera/core/memory'
import { roles } from '@tessera/protocol'
import type { Database } from './client.ts'
import { isUniqueViolation } from './database-error.ts'
import type { Credential as CredentialRecord } from './generated/sqlite/client.ts'
import { fromInstant, toInstant } from './instant.ts'
import { oneOf } from './one-of.ts'

export const createCredentialStore = (database: Database): CredentialStore => ({
  async put(credential) {
    const record = toRecord(credential)
    try {
      await database.query((client) => client.credential.upsert({ where: { hash: credential.hash }, create: record, update: record }))
    } catch (error) {
      throw isUniqueViolation(error) ? tokenExists(credential.name) : error
    }
  },

  async find(hash) {
    const record = await database.query((client) => client.credential.findUnique({ where: { hash } }))
    return record === null ? null : fromRecord(record)
  },

  async take(hash) {
    // One conditional statement decides: who deletes the row gets it.
    const taken = await database.query((client) => client.$queryRaw<CredentialRecord[]>`DELETE FROM "Credential" WHERE "hash" = ${hash} RETURNING *`)
    return taken[0] === undefined ? null : fromRecord(taken[0])
  },

  async touch(hash, lastUsedAt, expiresAt) {
    const data = { lastUsedAt: toInstant(lastUsedAt), expiresAt: toInstant(expiresAt) }
    await database.query((client) => client.credential.updateMany({ where: { hash }, data }))
  },

  async list(kind) {
    const records = await database.query((client) => client.credential.findMany({ where: { kind }, orderBy: [{ createdAt: 'asc' }, { hash: 'asc' }] }))
    return records.map(fromRecord)
  },

  remove: (kind, name) => database.query(async (client) => (await client.credential.deleteMany({ where: { kind, name } })).count),

  sweep: (now) => database.query(async (client) => (await client.credential.deleteMany({ where: { expiresAt: { lt: new Date(now) } } })).count),
})

const kinds = ['owner', 'token', 'link', 'console'] as const satisfies readonly CredentialKind[]

const toRecord = ({ createdAt, expiresAt, lastUsedAt, ...rest }: Credential): CredentialRecord => ({
  ...rest,
  soleName: rest.kind === 'token' ? rest.name : null,
  createdAt: new Date(createdAt),
  expiresAt: toInstant(expiresAt),
  lastUsedAt: toInstant(lastUsedAt),
})

const fromRecord = ({ hash, kind, name, role, createdAt, expiresAt, lastUsedAt }: CredentialRecord): Credential => ({
  hash,
  kind: oneOf(kinds, kind),
  name,
  role: oneOf(roles, role),
  createdAt: createdAt.getTime(),
  expiresAt: fromInstant(expiresAt),
  lastUsedAt: fromInstant(lastUsedAt),
})
