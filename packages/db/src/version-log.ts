import { asDigest, asVersionId, type LoggedVersion, type VersionLog } from '@tessera/core'
import { versionExists, versionNotFound } from '@tessera/core/memory'
import type { VersionStateName } from '@tessera/protocol'
import type { Database } from './client.ts'
import { isUniqueViolation } from './database-error.ts'
import type { Version } from './generated/sqlite/client.ts'
import { oneOf } from './one-of.ts'

export const createVersionLog = (database: Database): VersionLog => ({
  async all() {
    const versions = await database.query((client) => client.version.findMany({ orderBy: { number: 'asc' } }))
    return versions.map(fromRecord)
  },

  async append(version) {
    const data = { ...version, publishedAt: new Date(version.publishedAt), bytes: BigInt(version.bytes) }
    try {
      await database.query((client) => client.version.create({ data }))
    } catch (error) {
      throw isUniqueViolation(error) ? versionExists(version.id) : error
    }
  },

  setStates: (states) =>
    database.transaction(async (step) => {
      for (const { id, state } of states) {
        const { count } = await step.version.updateMany({ where: { id }, data: { state } })
        if (count === 0) throw versionNotFound(id)
      }
    }),
})

const stateNames = ['ready', 'ramping', 'current', 'draining', 'retired', 'rejected'] as const satisfies readonly VersionStateName[]

const fromRecord = (version: Version): LoggedVersion => ({
  id: asVersionId(version.id),
  digest: asDigest(version.digest),
  state: oneOf(stateNames, version.state),
  publishedAt: version.publishedAt.getTime(),
  publishedBy: version.publishedBy,
  bytes: Number(version.bytes),
})
