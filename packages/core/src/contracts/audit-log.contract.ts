import type { AuditRow } from '@tessera/protocol'
import { describe, expect, test } from 'vitest'
import type { AuditLog } from '../ports/audit-log.ts'
import { type MakeStore, withStore } from './with-store.ts'

const entry = (target: string, change: Partial<AuditRow> = {}): Omit<AuditRow, 'number'> => ({
  at: '2026-11-22T23:59:59.007Z',
  who: 'Ada',
  role: 'admin',
  act: 'session.end',
  target,
  reason: 'maintenance',
  ok: true,
  code: null,
  ...change,
})

export const auditLogContract = (name: string, make: MakeStore<AuditLog>): void => {
  describe(`audit log: ${name}`, () => {
    test('A8 entries are numbered from 1 on and listed newest first, as they were appended', () =>
      withStore(make, async (log) => {
        expect(await log.list({ limit: 10, before: null })).toEqual([])
        await log.append(entry('a'))
        await log.append(entry('b', { role: 'system', ok: false, code: 'NOT_ALLOWED', reason: 'Größe "日本" \n', at: '1999-01-01T00:00:00.000Z' }))
        expect(await log.list({ limit: 10, before: null })).toStrictEqual([
          { number: 2, ...entry('b', { role: 'system', ok: false, code: 'NOT_ALLOWED', reason: 'Größe "日本" \n', at: '1999-01-01T00:00:00.000Z' }) },
          { number: 1, ...entry('a') },
        ])
      }))

    test('A8 a list is read on from the number it ended with', () =>
      withStore(make, async (log) => {
        for (const target of ['1', '2', '3', '4', '5']) await log.append(entry(target))
        const targets = async (limit: number, before: number | null): Promise<string> =>
          (await log.list({ limit, before })).map(({ target }) => target).join('')
        expect(await targets(2, null)).toBe('54')
        expect(await targets(2, 4)).toBe('32')
        expect(await targets(2, 2)).toBe('1')
        expect(await targets(2, 1)).toBe('')
        expect(await targets(2, 100)).toBe('54')
        expect(await targets(0, null)).toBe('')
      }))

    test('A8 entries appended at once get every number once, without a gap', () =>
      withStore(make, async (log) => {
        await Promise.all(Array.from({ length: 100 }, (_, index) => log.append(entry(`${index}`))))
        const rows = await log.list({ limit: 1000, before: null })
        expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 100 }, (_, index) => 100 - index))
        expect(new Set(rows.map(({ target }) => target)).size).toBe(100)
      }))

    test('A8 what was handed over or listed can be changed by its holder, the log cannot', () =>
      withStore(make, async (log) => {
        const given = entry('a')
        await log.append(given)
        given.who = 'Mallory'
        for (const row of await log.list({ limit: 1, before: null })) row.who = 'Mallory'
        expect(await log.list({ limit: 1, before: null })).toEqual([{ number: 1, ...entry('a') }])
      }))
  })
}
