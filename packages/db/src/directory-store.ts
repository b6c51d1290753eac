import type { DirectoryStore, StoredUser } from '@tessera/core'
import { firstFreeUserNumber, nameKey, refuseFixedUser, userExists, userNotFound } from '@tessera/core/memory'
import type { Database } from './client.ts'
import { putGroup, readGroups } from './directory-groups.ts'
import type { Prisma, User } from './generated/sqlite/client.ts'
import { fromInstant, toInstant } from './instant.ts'

type Step = Prisma.TransactionClient
type Change = Parameters<DirectoryStore['changeUser']>[1]

export const createDirectoryStore = (database: Database): DirectoryStore => ({
  async users() {
    const users = await database.query((client) => client.user.findMany({ orderBy: { id: 'asc' } }))
    return users.map(fromRecord)
  },

  groups: () => database.transaction(readGroups),

  async findUser(name) {
    const user = await database.query((client) => find(client, name))
    return user === null ? null : fromRecord(user)
  },

  addUser: ({ name, alias, passwordHash }) =>
    database.transaction(async (step) => {
      await refuseTaken(step, name, null)
      if (alias !== null) await refuseTaken(step, alias, null)
      const data = { id: await lowestFreeNumber(step), name, nameKey: nameKey(name), ...aliasColumns(alias), passwordHash }
      return fromRecord(await step.user.create({ data }))
    }),

  changeUser: (name, change) =>
    database.transaction(async (step) => {
      const user = await need(step, name)
      if (typeof change.alias === 'string') await refuseTaken(step, change.alias, user)
      return fromRecord(await step.user.update({ where: { id: user.id }, data: changedColumns(change) }))
    }),

  removeUser: (name) =>
    database.transaction(async (step) => {
      const user = await need(step, name)
      refuseFixedUser(user)
      await step.user.delete({ where: { id: user.id } })
    }),

  putGroup: (group) => database.transaction((step) => putGroup(step, group)),
})

const find = (step: Step, name: string): Promise<User | null> =>
  step.user.findFirst({ where: { OR: [{ nameKey: nameKey(name) }, { aliasKey: nameKey(name) }] } })

const need = async (step: Step, name: string): Promise<User> => {
  const user = await find(step, name)
  if (user === null) throw userNotFound(name)
  return user
}

const refuseTaken = async (step: Step, name: string, except: User | null): Promise<void> => {
  const holder = await find(step, name)
  if (holder !== null && holder.id !== except?.id) throw userExists(name)
}

/** The number after the first, from Administrator's on, that has nobody right behind it. */
const lowestFreeNumber = async (step: Step): Promise<number> => {
  const rows = await step.$queryRaw<{ free: number | bigint }[]>`
    SELECT "id" + 1 AS "free" FROM "User" AS "one"
     WHERE "id" >= ${firstFreeUserNumber - 1} AND NOT EXISTS (SELECT 1 FROM "User" AS "next" WHERE "next"."id" = "one"."id" + 1)
     ORDER BY "id" LIMIT 1`
  return Number(rows[0]?.free ?? firstFreeUserNumber)
}

const aliasColumns = (alias: string | null): { alias: string | null; aliasKey: string | null } => ({ alias, aliasKey: alias === null ? null : nameKey(alias) })

const changedColumns = ({ alias, passwordHash, enabled, lastSeenAt }: Change): Prisma.UserUpdateInput => ({
  ...(alias === undefined ? {} : aliasColumns(alias)),
  ...(passwordHash === undefined ? {} : { passwordHash }),
  ...(enabled === undefined ? {} : { enabled }),
  ...(lastSeenAt === undefined ? {} : { lastSeenAt: toInstant(lastSeenAt) }),
})

const fromRecord = ({ id, name, alias, passwordHash, enabled, lastSeenAt }: User): StoredUser => ({
  id,
  name,
  alias,
  passwordHash,
  enabled,
  lastSeenAt: fromInstant(lastSeenAt),
})
