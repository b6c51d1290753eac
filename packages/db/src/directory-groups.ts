import type { StoredGroup } from '@tessera/core'
import { groupNotFound, nameKey, refuseGroupCycle, userNotFound } from '@tessera/core/memory'
import type { Prisma } from './generated/sqlite/client.ts'

type Step = Prisma.TransactionClient

export const readGroups = async (step: Step): Promise<readonly StoredGroup[]> => {
  const groups = await step.group.findMany({
    orderBy: { id: 'asc' },
    include: {
      users: { orderBy: { userId: 'asc' }, select: { user: { select: { name: true } } } },
      inner: { orderBy: { innerId: 'asc' }, select: { inner: { select: { name: true } } } },
    },
  })
  return groups.map(({ name, users, inner }) => ({ name, users: users.map(({ user }) => user.name), groups: inner.map((link) => link.inner.name) }))
}

export const putGroup = async (step: Step, group: StoredGroup): Promise<void> => {
  const key = nameKey(group.name)
  const innerIds = await findInner(step, { key, name: group.name }, group.groups)
  const userIds = await findUsers(step, group.users)
  const { id: groupId } = await step.group.upsert({ where: { nameKey: key }, create: { name: group.name, nameKey: key }, update: {} })
  await step.groupUser.deleteMany({ where: { groupId } })
  await step.groupGroup.deleteMany({ where: { outerId: groupId } })
  await step.groupUser.createMany({ data: userIds.map((userId) => ({ groupId, userId })) })
  await step.groupGroup.createMany({ data: innerIds.map((innerId) => ({ outerId: groupId, innerId })) })
}

const findInner = async (step: Step, outer: { key: string; name: string }, names: readonly string[]): Promise<readonly number[]> => {
  if (names.length === 0) return []
  const groups = await step.group.findMany({ select: { id: true, nameKey: true, inner: { select: { inner: { select: { nameKey: true } } } } } })
  const byKey = new Map(groups.map((group) => [group.nameKey, group]))
  refuseGroupCycle(outer, names.map(nameKey), (key) => byKey.get(key)?.inner.map((link) => link.inner.nameKey) ?? [])
  return numbersOf(names, (key) => byKey.get(key)?.id, groupNotFound)
}

const findUsers = async (step: Step, names: readonly string[]): Promise<readonly number[]> => {
  if (names.length === 0) return []
  const users = await step.user.findMany({ select: { id: true, nameKey: true, aliasKey: true } })
  const byKey = new Map(users.flatMap((user) => [[user.nameKey, user.id] as const, [user.aliasKey ?? user.nameKey, user.id] as const]))
  return numbersOf(names, (key) => byKey.get(key), userNotFound)
}

/** Each number once, however often and by whichever name it is meant. */
const numbersOf = (names: readonly string[], find: (key: string) => number | undefined, missing: (name: string) => Error): readonly number[] => {
  const numbers = new Set<number>()
  for (const name of names) {
    const number = find(nameKey(name))
    if (number === undefined) throw missing(name)
    numbers.add(number)
  }
  return [...numbers]
}
