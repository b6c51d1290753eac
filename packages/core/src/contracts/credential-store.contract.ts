import { describe, expect, test } from 'vitest'
import type { Credential, CredentialStore } from '../ports/credential-store.ts'
import { type MakeStore, withStore } from './with-store.ts'

const now = 1_790_000_000_000
const credential = (hash: string, change: Partial<Credential> = {}): Credential => ({
  hash,
  kind: 'link',
  name: 'Ada',
  role: 'admin',
  createdAt: now,
  expiresAt: now + 60_000,
  lastUsedAt: null,
  ...change,
})

export const credentialStoreContract = (name: string, make: MakeStore<CredentialStore>): void => {
  describe(`credential store: ${name}`, () => {
    keepingContract(make)
    takingContract(make)
    tokenNamesContract(make)
    sweepingContract(make)
  })
}

const keepingContract = (make: MakeStore<CredentialStore>): void => {
  test('A5 a credential is found by its whole hash, as it was put', () =>
    withStore(make, async (store) => {
      const kept = credential('aa', { expiresAt: null, lastUsedAt: now + 7, role: 'viewer', kind: 'console' })
      await store.put(kept)
      expect(await store.find('aa')).toStrictEqual(kept)
      for (const other of ['a', 'AA', 'aaa', '', '%']) expect(await store.find(other)).toBeNull()
    }))

  test('A5 a credential put again replaces the one with its hash', () =>
    withStore(make, async (store) => {
      await store.put(credential('aa', { kind: 'token', name: 'ci' }))
      await store.put(credential('aa', { kind: 'owner', name: 'server', role: 'operator', expiresAt: null }))
      expect(await store.list('token')).toEqual([])
      expect(await store.list('owner')).toEqual([credential('aa', { kind: 'owner', name: 'server', role: 'operator', expiresAt: null })])
    }))

  test('A5 a use is noted where the credential still is, and brings nothing back', () =>
    withStore(make, async (store) => {
      await store.put(credential('aa'))
      await store.touch('aa', now + 5, null)
      expect(await store.find('aa')).toEqual(credential('aa', { lastUsedAt: now + 5, expiresAt: null }))
      await store.take('aa')
      await store.touch('aa', now + 6, now + 9)
      expect(await store.find('aa')).toBeNull()
    }))
}

const takingContract = (make: MakeStore<CredentialStore>): void => {
  test('A5 a credential is taken once', () =>
    withStore(make, async (store) => {
      await store.put(credential('aa'))
      await store.put(credential('bb'))
      expect(await store.take('aa')).toStrictEqual(credential('aa'))
      expect(await store.take('aa')).toBeNull()
      expect(await store.find('aa')).toBeNull()
      expect(await store.find('bb')).not.toBeNull()
    }))

  test('A5 of 64 takers at once exactly one gets it', () =>
    withStore(make, async (store) => {
      for (const hash of ['aa', 'bb', 'cc']) await store.put(credential(hash))
      for (const hash of ['aa', 'bb', 'cc']) {
        const answers = await Promise.all(Array.from({ length: 64 }, () => store.take(hash)))
        expect(answers.filter((answer) => answer !== null)).toStrictEqual([credential(hash)])
      }
    }))

  test('A5 all credentials of one kind and name can be removed, and no others', () =>
    withStore(make, async (store) => {
      await store.put(credential('aa'))
      await store.put(credential('bb'))
      await store.put(credential('cc', { name: 'Bob' }))
      await store.put(credential('dd', { kind: 'console' }))
      expect(await store.remove('link', 'Ada')).toBe(2)
      expect(await store.remove('link', 'Ada')).toBe(0)
      expect(await store.list('link')).toEqual([credential('cc', { name: 'Bob' })])
      expect(await store.list('console')).toEqual([credential('dd', { kind: 'console' })])
    }))
}

const tokenNamesContract = (make: MakeStore<CredentialStore>): void => {
  test('A5 two tokens never have one name; other kinds may', () =>
    withStore(make, async (store) => {
      await store.put(credential('aa', { kind: 'token', name: 'ci' }))
      await expect(store.put(credential('bb', { kind: 'token', name: 'ci' }))).rejects.toMatchObject({ code: 'ALREADY_EXISTS' })
      await store.put(credential('aa', { kind: 'token', name: 'ci', role: 'viewer' }))
      await store.put(credential('cc', { kind: 'link', name: 'ci' }))
      await store.put(credential('dd', { kind: 'token', name: 'CI' }))
      expect(await store.find('bb')).toBeNull()
      expect(await store.remove('token', 'ci')).toBe(1)
      await store.put(credential('bb', { kind: 'token', name: 'ci' }))
    }))

  test('A5 of many who put one token name at once, one succeeds', () =>
    withStore(make, async (store) => {
      const puts = await Promise.allSettled(Array.from({ length: 8 }, (_, index) => store.put(credential(`a${index}`, { kind: 'token', name: 'ci' }))))
      expect(puts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      expect(await store.list('token')).toHaveLength(1)
    }))

  test('A5 a list is in order of making', () =>
    withStore(make, async (store) => {
      for (const [hash, createdAt] of [['cc', 2] as const, ['aa', 3] as const, ['bb', 1] as const, ['ab', 3] as const]) {
        await store.put(credential(hash, { createdAt: now + createdAt }))
      }
      expect((await store.list('link')).map(({ hash }) => hash)).toEqual(['bb', 'cc', 'aa', 'ab'])
    }))
}

const sweepingContract = (make: MakeStore<CredentialStore>): void => {
  test('A6 what expired before now is swept, and nothing else', () =>
    withStore(make, async (store) => {
      await store.put(credential('aa', { expiresAt: now - 1 }))
      await store.put(credential('bb', { expiresAt: 5, kind: 'console' }))
      await store.put(credential('cc', { expiresAt: now }))
      await store.put(credential('dd', { expiresAt: now + 1 }))
      await store.put(credential('ee', { expiresAt: null, kind: 'owner' }))
      expect(await store.sweep(now)).toBe(2)
      expect(await store.sweep(now)).toBe(0)
      const left = await Promise.all(['aa', 'bb', 'cc', 'dd', 'ee'].map(async (hash) => (await store.find(hash)) !== null))
      expect(left).toEqual([false, false, true, true, true])
    }))
}
