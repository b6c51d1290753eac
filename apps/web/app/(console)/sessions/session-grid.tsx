'use client'
import type { SessionQuery, SessionRow, SessionSort } from '@tessera/protocol'
import { type RefObject, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { SkeletonLines } from '../../../src/display/skeleton.tsx'
import type { Selection, SelectionChange } from '../../../src/table/selection.ts'
import { type GridHandle, type Ticking, VirtualGrid } from '../../../src/table/virtual-grid.tsx'
import { NobodyHere, NothingMatches } from './no-sessions.tsx'
import { SessionCard, useSessionColumns } from './session-columns.tsx'
import type { SessionsWindowState } from './use-sessions-window.ts'

interface SessionGridProps {
  gridRef: RefObject<GridHandle | null>
  list: SessionsWindowState
  sort: SessionSort
  onSort: (column: SessionSort['column']) => void
  selection: Selection<SessionRow, SessionQuery>
  select: (change: SelectionChange<SessionRow, SessionQuery>) => void
  cursor: number
  onCursor: (index: number) => void
  openId: string | null
  onOpen: (index: number) => void
  onClearFilters: () => void
}

const nameOf = (row: SessionRow): string => row.userName
const card = (row: SessionRow) => <SessionCard row={row} />

export const SessionGrid = (props: SessionGridProps) => {
  const t = useTranslations('sessions')
  const columns = useSessionColumns()
  const ticking = useTicking(props)
  const { list } = props.list
  if (list === undefined) {
    return (
      <div className="flex-1 border-t border-border px-4">
        <SkeletonLines lines={12} label={t('loadingRow')} />
      </div>
    )
  }
  if (list.total === 0) return <NobodyHere />
  if (list.matching === 0) return <NothingMatches total={list.total} onClear={props.onClearFilters} />
  return (
    <VirtualGrid
      ref={props.gridRef}
      label={t('list')}
      columns={columns}
      count={list.matching}
      rowAt={props.list.rowAt}
      nameOf={nameOf}
      card={card}
      sort={props.sort}
      onSort={props.onSort}
      cursor={props.cursor}
      onCursor={props.onCursor}
      openId={props.openId}
      onOpen={props.onOpen}
      onVisible={props.list.onVisible}
      busy={props.list.stale}
      ticking={ticking}
    />
  )
}

/** One row, a range with Shift, or all rows at hand; widening to all that match is the selection bar's offer. */
const useTicking = ({ list, selection, select }: SessionGridProps): Ticking => {
  const anchor = useRef(0)
  const all = selection.matching !== null
  const atHand = list.list === undefined ? [] : [...list.list.rows]
  const ticked = atHand.filter(([id]) => selection.rows.has(id)).length
  const isTicked = (id: string) => all || selection.rows.has(id)

  const onTick = (index: number, range: boolean) => {
    const from = range ? Math.min(anchor.current, index) : index
    const to = range ? Math.max(anchor.current, index) : index
    const rows = Array.from({ length: to - from + 1 }, (_, step) => list.rowAt(from + step))
      .filter((found) => found !== undefined)
      .map(({ id, row }) => [id, row] as const)
    const here = list.rowAt(index)
    select({ type: 'toggle', rows, on: range || here === undefined || !isTicked(here.id) })
    anchor.current = index
  }
  const onTickAll = () => {
    if (all) select({ type: 'clear' })
    else select({ type: 'toggle', rows: atHand, on: ticked < atHand.length })
  }
  const state = all || (ticked > 0 && ticked === atHand.length) ? 'all' : selection.rows.size > 0 ? 'some' : 'none'
  return { isTicked, tickState: state, onTick, onTickAll }
}
