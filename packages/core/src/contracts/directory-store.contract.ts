import { describe, expect, test } from 'vitest'
import type { DirectoryStore } from '../ports/directory-store.ts'
import { directoryGroupsContract } from './directory-groups.contract.ts'
import { type MakeStore, withStore } from './with-store.ts'

export const directoryStoreContract = (name: string, make: MakeStore<DirectoryStore>): void => {
  describe(`directory store: ${name}`, () => {
    namesContract(make)
    fixedUsersContract(make)
    changesContract(make)
    directoryGroupsContract(make)
  })
}

const user = (name: string, alias: string | null = null): Parameters<DirectoryStore['addUser']>[0] => ({ name, alias, passwordHash: null })
const numbers = async (directory: DirectoryStore): Promise<number[]> => (await directory.users()).map(({ id }) => id)

const namesContract = (make: MakeStore<DirectoryStore>): void => {
  test('A1 a user is found by name and by alias, without regard to case', () =>
    withStore(make, async (directory) => {
      const ada = await directory.addUser({ name: 'Ada Lovelace', alias: 'Ada', passwordHash: 'hash' })
      expect(ada).toEqual({ id: 3, name: 'Ada Lovelace', alias: 'Ada', passwordHash: 'hash', enabled: true, lastSeenAt: null })
      for (const spelling of ['Ada Lovelace', 'ADA LOVELACE', 'ada lovelace', 'aDa']) expect(await directory.findUser(spelling)).toEqual(ada)
      for (const spelling of ['', 'Ada ', 'Ad', 'Ada%', '%', 'lovelace']) expect(await directory.findUser(spelling)).toBeNull()
    }))

  test('A1 case is that of every alphabet, and accents count the same however they are encoded', () =>
    withStore(make, async (directory) => {
      const eva = await directory.addUser(user('\u00c9va \u0416')) // É and Ж in one character each
      expect(await directory.findUser('e\u0301va \u0436')).toEqual(eva) // e with a combining accent, and ж
      expect(await directory.findUser('Eva \u0416')).toBeNull()
    }))

  test('A1 no two users share a name or an alias, whichever of the two it is', () =>
    withStore(make, async (directory) => {
      await directory.addUser(user('Ada', 'Countess'))
      for (const taken of [user('ADA'), user('countess'), user('Bob', 'ada'), user('Bob', 'COUNTESS'), user('designer'), user('Bob', 'Administrator')]) {
        await expect(directory.addUser(taken)).rejects.toMatchObject({ code: 'ALREADY_EXISTS' })
      }
      expect(await numbers(directory)).toEqual([1, 2, 3])
      const bob = await directory.addUser(user('Bob'))
      await expect(directory.changeUser('Bob', { alias: 'ada', enabled: false })).rejects.toMatchObject({ code: 'ALREADY_EXISTS' })
      expect(await directory.findUser('Bob')).toEqual(bob)
      expect(await directory.changeUser('Bob', { alias: 'BOB' })).toMatchObject({ name: 'Bob', alias: 'BOB' })
    }))

  test('A1 of many who add one name at once, one succeeds; many names get a number each', () =>
    withStore(make, async (directory) => {
      const same = await Promise.allSettled(Array.from({ length: 16 }, (_, index) => directory.addUser(user(index % 2 === 0 ? 'Ada' : 'ADA'))))
      expect(same.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      await Promise.all(Array.from({ length: 16 }, (_, index) => directory.addUser(user(`User ${index}`))))
      expect(await numbers(directory)).toEqual(Array.from({ length: 19 }, (_, index) => index + 1))
    }))
}

const fixedUsersContract = (make: MakeStore<DirectoryStore>): void => {
  test('A2 Designer and Administrator exist from the first moment, without a password', () =>
    withStore(make, async (directory) => {
      const fixed = { alias: null, passwordHash: null, enabled: true, lastSeenAt: null }
      expect(await directory.users()).toEqual([
        { id: 1, name: 'Designer', ...fixed },
        { id: 2, name: 'Administrator', ...fixed },
      ])
      expect(await directory.groups()).toEqual([])
    }))

  test('A2 neither can be removed, by any of its names; an alias renames them', () =>
    withStore(make, async (directory) => {
      await directory.changeUser('Designer', { alias: 'Chief' })
      for (const name of ['Designer', 'ADMINISTRATOR', 'chief']) await expect(directory.removeUser(name)).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
      expect(await directory.findUser('CHIEF')).toMatchObject({ id: 1, name: 'Designer', alias: 'Chief' })
      expect(await numbers(directory)).toEqual([1, 2])
    }))
}

const changesContract = (make: MakeStore<DirectoryStore>): void => {
  test('A4 the number of a removed user is given to the next one', () =>
    withStore(make, async (directory) => {
      for (const name of ['C', 'D', 'E']) await directory.addUser(user(name))
      await directory.removeUser('d')
      await directory.removeUser('C')
      expect((await directory.addUser(user('F'))).id).toBe(3)
      expect((await directory.addUser(user('G'))).id).toBe(4)
      expect((await directory.addUser(user('H'))).id).toBe(6)
      expect((await directory.users()).map(({ name }) => name)).toEqual(['Designer', 'Administrator', 'F', 'G', 'E', 'H'])
    }))

  test('A1 a change touches what it names and nothing else', () =>
    withStore(make, async (directory) => {
      await directory.addUser({ name: 'Ada', alias: 'A', passwordHash: 'old' })
      const seen = { id: 3, name: 'Ada', alias: 'A', passwordHash: 'old', enabled: true, lastSeenAt: 1_790_000_000_123 }
      expect(await directory.changeUser('ada', { lastSeenAt: 1_790_000_000_123 })).toEqual(seen)
      expect(await directory.changeUser('A', { passwordHash: 'new', enabled: false })).toEqual({ ...seen, passwordHash: 'new', enabled: false })
      expect(await directory.changeUser('a', { alias: null })).toEqual({ ...seen, alias: null, passwordHash: 'new', enabled: false })
      expect(await directory.findUser('A')).toBeNull()
      expect(await directory.changeUser('Ada', {})).toEqual(await directory.findUser('Ada'))
    }))

  test('A1 who is not there cannot be changed or removed', () =>
    withStore(make, async (directory) => {
      await expect(directory.changeUser('Nobody', { enabled: false })).rejects.toMatchObject({ code: 'USER_NOT_FOUND' })
      await expect(directory.removeUser('Nobody')).rejects.toMatchObject({ code: 'USER_NOT_FOUND' })
    }))
}
