import { expect, test } from 'vitest'
import type { DirectoryStore } from '../ports/directory-store.ts'
import { type MakeStore, withStore } from './with-store.ts'

/** The part of the directory store's suite that is about groups. */
export const directoryGroupsContract = (make: MakeStore<DirectoryStore>): void => {
  membersContract(make)
  nestingContract(make)
}

const group = (name: string, users: readonly string[] = [], groups: readonly string[] = []): Parameters<DirectoryStore['putGroup']>[0] => ({
  name,
  users,
  groups,
})

const membersContract = (make: MakeStore<DirectoryStore>): void => {
  test('A3 a group keeps users and groups, named in any case and by alias, each once', () =>
    withStore(make, async (directory) => {
      await directory.addUser({ name: 'Ada', alias: 'Countess', passwordHash: null })
      await directory.putGroup(group('Readers'))
      await directory.putGroup(group('Sales', ['COUNTESS', 'ada', 'designer'], ['READERS', 'readers']))
      expect(await directory.groups()).toEqual([group('Readers'), group('Sales', ['Designer', 'Ada'], ['Readers'])])
    }))

  test('A3 to put a group again replaces its members and keeps its place and spelling', () =>
    withStore(make, async (directory) => {
      await directory.addUser({ name: 'Ada', alias: null, passwordHash: null })
      await directory.putGroup(group('Sales', ['Ada']))
      await directory.putGroup(group('Staff', ['Designer'], ['Sales']))
      await directory.putGroup(group('SALES', ['Administrator']))
      expect(await directory.groups()).toEqual([group('Sales', ['Administrator']), group('Staff', ['Designer'], ['Sales'])])
      await directory.putGroup(group('Staff'))
      expect(await directory.groups()).toEqual([group('Sales', ['Administrator']), group('Staff')])
    }))

  test('A3 a member that is not there changes nothing', () =>
    withStore(make, async (directory) => {
      await directory.putGroup(group('Sales', ['Designer']))
      await expect(directory.putGroup(group('Sales', ['Administrator', 'Nobody']))).rejects.toMatchObject({ code: 'USER_NOT_FOUND' })
      await expect(directory.putGroup(group('Sales', [], ['Nowhere']))).rejects.toMatchObject({ code: 'GROUP_NOT_FOUND' })
      await expect(directory.putGroup(group('New', ['Nobody']))).rejects.toMatchObject({ code: 'USER_NOT_FOUND' })
      expect(await directory.groups()).toEqual([group('Sales', ['Designer'])])
    }))

  test('A4 a removed user leaves every group, and who gets the number next is in none', () =>
    withStore(make, async (directory) => {
      await directory.addUser({ name: 'Ada', alias: null, passwordHash: null })
      await directory.addUser({ name: 'Bob', alias: null, passwordHash: null })
      await directory.putGroup(group('Sales', ['Ada', 'Bob']))
      await directory.putGroup(group('Staff', ['Ada'], ['Sales']))
      await directory.removeUser('ada')
      expect(await directory.findUser('Ada')).toBeNull()
      expect((await directory.addUser({ name: 'Cid', alias: null, passwordHash: null })).id).toBe(3)
      expect(await directory.groups()).toEqual([group('Sales', ['Bob']), group('Staff', [], ['Sales'])])
    }))
}

const nestingContract = (make: MakeStore<DirectoryStore>): void => {
  test('A3 a group that would contain itself is refused, at any depth, and nothing changes', () =>
    withStore(make, async (directory) => {
      await directory.putGroup(group('Bottom'))
      await directory.putGroup(group('Middle', [], ['Bottom']))
      await directory.putGroup(group('Top', [], ['Middle']))
      await expect(directory.putGroup(group('BOTTOM', ['Designer'], ['top']))).rejects.toMatchObject({ code: 'ILLEGAL_STATE' })
      await expect(directory.putGroup(group('Bottom', [], ['Middle']))).rejects.toMatchObject({ code: 'ILLEGAL_STATE' })
      await expect(directory.putGroup(group('Bottom', [], ['bottom']))).rejects.toMatchObject({ code: 'ILLEGAL_STATE' })
      await expect(directory.putGroup(group('New', [], ['New']))).rejects.toMatchObject({ code: 'ILLEGAL_STATE' })
      expect(await directory.groups()).toEqual([group('Bottom'), group('Middle', [], ['Bottom']), group('Top', [], ['Middle'])])
    }))

  test('A3 one group may be inside many, and be reached by two ways', () =>
    withStore(make, async (directory) => {
      await directory.putGroup(group('Bottom'))
      await directory.putGroup(group('Left', [], ['Bottom']))
      await directory.putGroup(group('Right', [], ['Bottom']))
      await directory.putGroup(group('Top', [], ['Right', 'Left']))
      expect((await directory.groups()).at(-1)).toEqual(group('Top', [], ['Left', 'Right']))
    }))

  test('A3 two that would contain each other and are put at once do not both succeed', () =>
    withStore(make, async (directory) => {
      await directory.putGroup(group('A'))
      await directory.putGroup(group('B'))
      const both = await Promise.allSettled([directory.putGroup(group('A', [], ['B'])), directory.putGroup(group('B', [], ['A']))])
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    }))
}
