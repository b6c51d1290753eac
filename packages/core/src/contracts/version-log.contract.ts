import { describe, expect, test } from 'vitest'
import { asDigest, asVersionId } from '../ids.ts'
import type { LoggedVersion, VersionLog } from '../ports/version-log.ts'
import { type MakeStore, withStore } from './with-store.ts'

const version = (id: string, change: Partial<LoggedVersion> = {}): LoggedVersion => ({
  id: asVersionId(id),
  digest: asDigest('ab'.repeat(32)),
  state: 'ready',
  publishedAt: 1_790_000_000_001,
  publishedBy: 'start',
  bytes: 12_345,
  ...change,
})

export const versionLogContract = (name: string, make: MakeStore<VersionLog>): void => {
  describe(`version log: ${name}`, () => {
    test('V1 versions are listed in the order in which they were appended, whatever their ids and times', () =>
      withStore(make, async (log) => {
        expect(await log.all()).toEqual([])
        const given = [
          version('20261122.2', { bytes: 5_000_000_000 }),
          version('20261122.10', { publishedAt: 3, state: 'current' }),
          version('20261121.1', { publishedBy: 'Ada' }),
        ]
        for (const one of given) await log.append(one)
        expect(await log.all()).toEqual(given)
      }))

    test('V1 an id is taken once, also of many who append it at once', () =>
      withStore(make, async (log) => {
        const answers = await Promise.allSettled(Array.from({ length: 8 }, (_, bytes) => log.append(version('20261122.1', { bytes }))))
        const refused = answers.filter((answer) => answer.status === 'rejected')
        expect(refused).toHaveLength(7)
        for (const { reason } of refused) expect(reason).toMatchObject({ code: 'ALREADY_EXISTS' })
        expect(await log.all()).toHaveLength(1)
      }))

    test('V2 the states of several versions change in one step', () =>
      withStore(make, async (log) => {
        for (const id of ['1', '2', '3']) await log.append(version(id, { state: id === '1' ? 'current' : 'ready' }))
        await log.setStates([
          { id: asVersionId('3'), state: 'current' },
          { id: asVersionId('1'), state: 'draining' },
        ])
        expect((await log.all()).map(({ id, state }) => `${id} ${state}`)).toEqual(['1 draining', '2 ready', '3 current'])
        await log.setStates([])
      }))

    test('V2 an unknown version among them changes none', () =>
      withStore(make, async (log) => {
        await log.append(version('1'))
        const states = [
          { id: asVersionId('1'), state: 'current' as const },
          { id: asVersionId('2'), state: 'draining' as const },
        ]
        await expect(log.setStates(states)).rejects.toMatchObject({ code: 'VERSION_NOT_FOUND' })
        expect(await log.all()).toEqual([version('1')])
      }))
  })
}
