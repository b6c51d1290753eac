import { describe, expect, test } from 'vitest'
import { startTestEngine } from '../testing/index.ts'
import type { SlotChange } from './delta.ts'
import { StorageDocument } from './storage-document.ts'
import { StorageHistory } from './storage-history.ts'

const iso = (at: number): string => `at ${at}`

const note = (history: StorageHistory, document: StorageDocument, changes: readonly SlotChange[]): void => {
  const now = document.head + 1
  const decision = document.decide({ base: document.head, touched: [], changes }, { by: 'ana', now })
  if (!decision.won || decision.change === null) throw new Error('it wins')
  const before = decision.change.slots.map(({ slot }) => document.textOf(slot))
  document.settle(decision.change)
  history.note(decision.change, before)
}

/** Notes one change after another, each by ana, under rising clocks. */
const historyOf = (changes: readonly (readonly SlotChange[])[]): StorageHistory => {
  const [history, document] = [new StorageHistory(), new StorageDocument(100_000_000)]
  for (const slots of changes) note(history, document, slots)
  return history
}

const sizeOf = (history: StorageHistory): number =>
  history.rows(iso).reduce((sum, { slots }) => sum + slots.reduce((all, { slot, before, after }) => all + 2 * `${slot}${before}${after}`.length, 0), 0)

describe('the history of a storage', () => {
  test('T20 tells who changed what, when, from what to what, newest first', () => {
    const history = historyOf([
      [
        ['cart', '[1]'],
        ['note', '"x"'],
      ],
      [['cart', '[1,2]']],
      [['cart', null]],
    ])
    expect(history.rows(iso)).toEqual([
      { clock: 3, at: 'at 3', by: 'ana', slots: [{ slot: 'cart', before: '[1,2]', after: null, cut: false }], more: 0 },
      { clock: 2, at: 'at 2', by: 'ana', slots: [{ slot: 'cart', before: '[1]', after: '[1,2]', cut: false }], more: 0 },
      {
        clock: 1,
        at: 'at 1',
        by: 'ana',
        slots: [
          { slot: 'cart', before: null, after: '[1]', cut: false },
          { slot: 'note', before: null, after: '"x"', cut: false },
        ],
        more: 0,
      },
    ])
    expect(history.rows(iso, 2).map(({ clock }) => clock)).toEqual([3])
  })

  test('T20 a storage that was put back goes on from what it held', () => {
    const [history, document] = [new StorageHistory(), new StorageDocument(1000)]
    document.restore({ clock: 7, slots: [{ slot: 'cart', text: '[1]', clock: 7, at: 0, by: 'bob' }] })
    note(history, document, [['cart', '[]']])
    expect(history.rows(iso)[0]?.slots).toEqual([{ slot: 'cart', before: '[1]', after: '[]', cut: false }])
  })

  test('T20 keeps 200 changes, the newest', () => {
    const history = historyOf(Array.from({ length: 250 }, (_none, index) => [['n', String(index)] as const]))
    expect(history.rows(iso).map(({ clock }) => clock)).toEqual(Array.from({ length: 200 }, (_none, index) => 250 - index))
  })

  test('T20 keeps at most 64 KB, and lets the oldest go', () => {
    const history = historyOf(Array.from({ length: 200 }, (_none, index) => [['n', `"${String(index).padStart(450, '-')}"`] as const]))
    expect(sizeOf(history)).toBeLessThanOrEqual(65_536)
    expect(history.rows(iso).length).toBeGreaterThan(30)
    expect(history.rows(iso)[0]?.clock).toBe(200)
  })

  test('T20 cuts texts at 500 characters and marks them, between characters', () => {
    const history = historyOf([[['short', `"${'x'.repeat(498)}"`]], [['long', `"${'x'.repeat(497)}😀${'x'.repeat(90)}"`]], [['long', '1']]])
    expect(history.rows(iso).map(({ slots }) => slots[0])).toEqual([
      { slot: 'long', before: `"${'x'.repeat(497)}…`, after: '1', cut: true },
      { slot: 'long', before: null, after: `"${'x'.repeat(497)}…`, cut: true },
      { slot: 'short', before: null, after: `"${'x'.repeat(498)}"`, cut: false },
    ])
  })

  test('T20 a single change that is too large says how many of its slots are left out', () => {
    const changes = Array.from({ length: 1_000 }, (_none, index) => [`slot ${index}`, `"${'y'.repeat(400)}"`] as const)
    const history = historyOf([changes, [['slot 999', '1']]])
    const [last, large] = history.rows(iso)
    expect(last?.slots).toEqual([{ slot: 'slot 999', before: `"${'y'.repeat(400)}"`, after: '1', cut: false }])
    expect(large).toBeUndefined()
    const [alone] = historyOf([changes]).rows(iso)
    expect(alone?.slots.length).toBeGreaterThan(50)
    expect((alone?.slots.length ?? 0) + (alone?.more ?? 0)).toBe(1_000)
  })

  test('T20 a slot that one change names twice is told once', () => {
    const history = historyOf([
      [
        ['n', '1'],
        ['n', '2'],
      ],
    ])
    expect(history.rows(iso)[0]?.slots).toEqual([{ slot: 'n', before: null, after: '2', cut: false }])
  })
})

test('T20 what code and operators change in a session is kept with their names', async () => {
  const engine = await startTestEngine({
    project: {
      methods: {
        sell: (scope) =>
          scope.session.storage.use((draft) => {
            draft['sold'] = 1
          }),
      },
    },
  })
  const ana = await engine.connect('ana')
  await ana.call('sell')
  await engine.operator.setSlot(ana, 'sold', 2)
  const { changes } = engine.reads.storageHistory(ana.id)
  expect(changes).toMatchObject([
    { clock: 2, slots: [{ slot: 'sold', before: '1', after: '2' }] },
    { clock: 1, by: 'Designer', slots: [{ slot: 'sold', before: null, after: '1' }] },
  ])
  expect(changes[0]?.by).not.toBe('Designer')
  expect(() => engine.reads.storageHistory('F'.repeat(32))).toThrow(expect.objectContaining({ code: 'SESSION_NOT_FOUND' }))
})
