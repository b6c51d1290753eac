'use client'
import { useVirtualizer } from '@tanstack/react-virtual'
import {
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useId,
  useImperativeHandle,
  useMemo,
  useRef,
} from 'react'
import { type Column, fitColumns, gridTracks, tickWidth } from './columns.ts'
import { GridHeader, type GridSort, type TickState } from './grid-header.tsx'
import { cursorAfterKey } from './grid-keys.ts'
import { CardRow, GridRow } from './grid-row.tsx'
import { useWidth } from './use-width.ts'

const headerHeight = 32
const rowHeight = 32
const cardHeight = 56
const cardsBelow = 640

export interface GridHandle {
  focus: () => void
  scrollToTop: () => void
  reveal: (index: number) => void
}

export interface Ticking {
  isTicked: (id: string) => boolean
  tickState: TickState
  onTick: (index: number, range: boolean) => void
  onTickAll: () => void
}

export interface VirtualGridProps<Row, Name extends string> {
  ref?: Ref<GridHandle>
  label: string
  columns: readonly Column<Row, Name>[]
  /** How many rows there are; `rowAt` answers undefined for those not here yet. */
  count: number
  rowAt: (index: number) => { id: string; row: Row } | undefined
  nameOf: (row: Row) => string
  /** The row on narrow screens, where columns make no sense. */
  card(row: Row): ReactNode
  sort: GridSort<Name>
  onSort: (column: Name) => void
  cursor: number
  onCursor: (index: number) => void
  /** Without it rows cannot be picked. */
  ticking?: Ticking
  openId: string | null
  onOpen: (index: number) => void
  onVisible: (first: number, last: number) => void
  busy: boolean
}

/** A list of any length of which only what is on screen exists. Arrow keys move a cursor; focus stays on the grid. */
export const VirtualGrid = <Row, Name extends string>(props: VirtualGridProps<Row, Name>) => {
  const { count, rowAt, cursor, onVisible, ticking } = props
  const ticks = ticking === undefined ? 0 : 1
  const id = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const width = useWidth(scroller)
  const asCards = width > 0 && width < cardsBelow
  const height = asCards ? cardHeight : rowHeight
  const head = asCards ? 0 : headerHeight
  const columns = useMemo(() => fitColumns(props.columns, width === 0 ? 1_200 : width), [props.columns, width])

  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 8,
    scrollMargin: head,
    scrollPaddingStart: head,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured again when rows become cards
  useEffect(() => virtual.measure(), [virtual, height])

  useImperativeHandle(props.ref, () => ({
    focus: () => scroller.current?.focus({ preventScroll: true }),
    scrollToTop: () => scroller.current?.scrollTo({ top: 0 }),
    reveal: (index) => virtual.scrollToIndex(index, { align: 'auto' }),
  }))

  const items = virtual.getVirtualItems()
  const first = virtual.range?.startIndex ?? 0
  const last = virtual.range?.endIndex ?? 0
  useEffect(() => onVisible(first, last), [onVisible, first, last])

  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, last - first - 1)
    const moved = cursorAfterKey(event.key, { cursor, count, page })
    if (moved === null) return onActKey(event, props)
    event.preventDefault()
    props.onCursor(moved)
    virtual.scrollToIndex(moved, { align: 'auto' })
  }

  const style: CSSProperties & Record<'--tracks', string> = {
    '--tracks': asCards ? `${ticking === undefined ? '' : `${tickWidth}px `}minmax(0, 1fr)` : gridTracks(columns, ticking !== undefined),
  }
  const shown = items.some((item) => item.index === cursor)
  return (
    <div
      ref={scroller}
      role="grid"
      tabIndex={0}
      aria-label={props.label}
      aria-rowcount={count + (asCards ? 0 : 1)}
      aria-colcount={ticks + (asCards ? 1 : columns.length)}
      {...(ticking === undefined ? {} : { 'aria-multiselectable': 'true' })}
      aria-busy={props.busy}
      aria-activedescendant={shown ? `${id}-${cursor}` : undefined}
      className="grid-scroller min-h-0 flex-1 overflow-x-hidden overflow-y-auto"
      style={style}
      onKeyDown={onKeyDown}
    >
      {asCards ? null : <GridHeader columns={columns} sort={props.sort} ticking={ticking} onSort={props.onSort} />}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the grid around it takes the keys */}
      <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }} onClick={(event) => onRowClick(event, props)}>
        {items.map((item) => {
          const found = rowAt(item.index)
          const common = {
            id: `${id}-${item.index}`,
            index: item.index,
            rowIndex: item.index + (asCards ? 1 : 2),
            top: item.start - head,
            height,
            row: found?.row,
            name: found === undefined ? '' : props.nameOf(found.row),
            ticked: ticking === undefined ? null : found !== undefined && ticking.isTicked(found.id),
            current: item.index === cursor,
            open: found !== undefined && found.id === props.openId,
          }
          return asCards ? <CardRow key={item.key} {...common} card={props.card} /> : <GridRow key={item.key} {...common} columns={columns} />
        })}
      </div>
    </div>
  )
}

interface RowActs {
  cursor: number
  onCursor: (index: number) => void
  ticking?: Ticking
  onOpen: (index: number) => void
}

const onActKey = (event: KeyboardEvent, { cursor, ticking, onOpen }: RowActs): void => {
  if (event.target !== event.currentTarget || cursor < 0) return
  if (event.key === ' ' && ticking !== undefined) ticking.onTick(cursor, event.shiftKey)
  else if (event.key === 'Enter') onOpen(cursor)
  else return
  event.preventDefault()
}

const onRowClick = (event: MouseEvent, { onCursor, ticking, onOpen }: RowActs): void => {
  if (!(event.target instanceof Element)) return
  const index = Number(event.target.closest('[data-index]')?.getAttribute('data-index') ?? Number.NaN)
  if (Number.isNaN(index)) return
  onCursor(index)
  if (event.target.closest('[data-tick]') !== null) ticking?.onTick(index, event.shiftKey)
  else onOpen(index)
}
