import { directoryStoreContract } from '@tessera/core/contracts'
import { expect, test } from 'vitest'
import { onScratchDatabase, withDatabase } from '../test/scratch-database.ts'
import { createDirectoryStore } from './directory-store.ts'

directoryStoreContract('SQLite', onScratchDatabase(createDirectoryStore))

test('A3 a group of thousands, and thousands of groups, are kept', () =>
  withDatabase(async (database) => {
    const many = 3000
    const names = Array.from({ length: many }, (_, index) => `name ${index}`)
    await database.transaction(async (step) => {
      await step.user.createMany({ data: names.map((name, index) => ({ id: index + 3, name, nameKey: name })) })
      await step.group.createMany({ data: names.map((name) => ({ name, nameKey: name })) })
    })
    const directory = createDirectoryStore(database)
    await directory.putGroup({ name: 'All', users: names, groups: names })
    const groups = await directory.groups()
    expect(groups).toHaveLength(many + 1)
    expect(groups.at(-1)).toEqual({ name: 'All', users: names, groups: names })
    expect((await directory.addUser({ name: 'next', alias: null, passwordHash: null })).id).toBe(many + 3)
  }))
