import { describe, expect, it } from 'vitest'
import { changeSelection, emptySelection, type Selection } from './selection.ts'

const picked = (...ids: string[]): Selection<string, string> => ({ rows: new Map(ids.map((id) => [id, `row ${id}`])), matching: null })
const idsOf = (selection: Selection<string, string>) => [...selection.rows.keys()]

describe('a selection', () => {
  it('takes rows in and lets them go', () => {
    const one = changeSelection(emptySelection<string, string>(), {
      type: 'toggle',
      rows: [
        ['a', 'row a'],
        ['b', 'row b'],
      ],
      on: true,
    })
    expect(idsOf(one)).toEqual(['a', 'b'])
    expect(idsOf(changeSelection(one, { type: 'toggle', rows: [['a', 'row a']], on: false }))).toEqual(['b'])
  })

  it('widens to everything a query matches, and narrows again as soon as a row is touched', () => {
    const wide = changeSelection(picked('a'), { type: 'widen', query: 'user:ana' })
    expect(wide.matching).toBe('user:ana')
    expect(changeSelection(wide, { type: 'toggle', rows: [['b', 'row b']], on: true }).matching).toBeNull()
  })

  it('forgets what has ended', () => {
    expect(idsOf(changeSelection(picked('a', 'b'), { type: 'drop', ids: ['a'] }))).toEqual(['b'])
    expect(idsOf(changeSelection(picked('a'), { type: 'clear' }))).toEqual([])
  })
})
