import { describe, expect, test } from 'vitest'
import type { SettingsStore } from '../ports/settings-store.ts'
import { type MakeStore, withStore } from './with-store.ts'

export const settingsStoreContract = (name: string, make: MakeStore<SettingsStore>): void => {
  describe(`settings store: ${name}`, () => {
    test('R1 a setting is null until it is set, and then what was set last', () =>
      withStore(make, async (settings) => {
        expect(await settings.get('publication')).toBeNull()
        await settings.set('publication', 'Invoices')
        await settings.set('publication', 'Invoices 2')
        expect(await settings.get('publication')).toBe('Invoices 2')
      }))

    test('R1 keys are told apart by case, and any text is kept as it is', () =>
      withStore(make, async (settings) => {
        const odd = 'a\n"\'; DROP TABLE x; -- 日本 🚀 ￿'
        await settings.set('key', odd)
        await settings.set('Key', '')
        expect(await settings.get('key')).toBe(odd)
        expect(await settings.get('Key')).toBe('')
        expect(await settings.get('__proto__')).toBeNull()
      }))
  })
}
