import { describe, expect, it } from 'vitest'
import { type Column, fitColumns, gridTracks } from './columns.ts'

const column = (name: string, width: number, leaves: number): Column<string> => ({ name, label: name, width, grow: 1, leaves, cell: () => null })
const columns = [column('user', 140, 0), column('address', 120, 3), column('state', 100, 1), column('calls', 80, 4)]
const namesAt = (width: number) => fitColumns(columns, width).map(({ name }) => name)

describe('the columns of a table', () => {
  it('are all there while they fit', () => {
    expect(namesAt(480)).toEqual(['user', 'address', 'state', 'calls'])
  })

  it('leave one by one, the least needed first, the others keeping their order', () => {
    expect(namesAt(479)).toEqual(['user', 'address', 'state'])
    expect(namesAt(300)).toEqual(['user', 'state'])
  })

  it('never lose what must stay', () => {
    expect(namesAt(10)).toEqual(['user'])
  })

  it('share what is left by their weight', () => {
    expect(
      gridTracks([
        { width: 140, grow: 2 },
        { width: 80, grow: 0 },
      ]),
    ).toBe('40px minmax(140px, 2fr) 80px')
  })
})
