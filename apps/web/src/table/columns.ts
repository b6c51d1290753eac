import type { ReactNode } from 'react'

export interface Column<Row, Name extends string = string> {
  name: Name
  label: string
  /** Least width in pixels, and its share of what is left. */
  width: number
  grow: number
  align?: 'end'
  /** Where the table is too narrow, columns leave in this order, the highest first; 0 stays. */
  leaves: number
  cell(row: Row): ReactNode
}

export const tickWidth = 40

/** The columns that fit: as long as they do not, the least needed one leaves. */
export const fitColumns = <Row, Name extends string>(columns: readonly Column<Row, Name>[], width: number): Column<Row, Name>[] => {
  const kept = [...columns]
  const needed = () => kept.reduce((sum, column) => sum + column.width, tickWidth)
  while (needed() > width) {
    const leaving = kept.reduce((most, column) => (column.leaves > most.leaves ? column : most))
    if (leaving.leaves === 0) break
    kept.splice(kept.indexOf(leaving), 1)
  }
  return kept
}

export const gridTracks = (columns: readonly { width: number; grow: number }[], ticked = true): string =>
  [...(ticked ? [`${tickWidth}px`] : []), ...columns.map(({ width, grow }) => (grow === 0 ? `${width}px` : `minmax(${width}px, ${grow}fr)`))].join(' ')
