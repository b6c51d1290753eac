import type { StoredGroup } from '@tessera/core'
import { groupNotFound, nameKey, refuseGroupCycle, userNotFound } from '@tessera/core/memory'
import type { Prisma } from './generated/sqlite/client.ts'
import { grouped } from './grouped.ts'

type Step = Prisma.TransactionClient

export const readGroups = async (step: Step): Promise<readonly StoredGroup[]> => {
  const groups = await step.group.findMany({ orderBy: { id: 'asc' } })
  const users = await step.user.findMany({ select: { id: true, name: true } })
  const members = grouped(await step.groupUser.findMany({ orderBy: { userId: 'asc' } }), ({ groupId }) => groupId)
  const links = grouped(await step.groupGroup.findMany({ orderBy: { innerId: 'asc' } }), ({ outerId }) => outerId)
  const userNames = new Map(users.map(({ id, name }) => [id, name]))
  const groupNames = new Map(groups.map(({ id, name }) => [id, name]))
  return groups.map(({ id, name }) => ({
    name,
    users: members.of(id).map(({ userId }) => userNames.get(userId) ?? ''),
    groups: links.of(id).map(({ innerId }) => groupNames.get(innerId) ?? ''),
  }))
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
  const groups = await step.group.findMany()
  const links = grouped(await step.groupGroup.findMany(), ({ outerId }) => outerId)
  const numbers = new Map(groups.map(({ nameKey: key, id }) => [key, id]))
  const keys = new Map(groups.map(({ nameKey: key, id }) => [id, key]))
  const innerOf = (key: string): string[] => links.of(numbers.get(key) ?? 0).flatMap(({ innerId }) => keys.get(innerId) ?? [])
  refuseGroupCycle(outer, names.map(nameKey), innerOf)
  return numbersOf(names, (key) => numbers.get(key), groupNotFound)
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
