'use client'
import { type CSSProperties, memo, type ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import type { Column } from './columns.ts'

interface RowFrame {
  id: string
  index: number
  rowIndex: number
  top: number
  height: number
  row: unknown
  name: string
  /** Null where rows cannot be picked. */
  ticked: boolean | null
  current: boolean
  open: boolean
}

interface GridRowProps extends RowFrame {
  columns: readonly Column<unknown>[]
}

interface CardRowProps extends RowFrame {
  card(row: unknown): ReactNode
}

const RowBox = ({ id, index, rowIndex, top, height, row, ticked, current, open, children }: RowFrame & { children: ReactNode }) => {
  const style: CSSProperties = { height, transform: `translateY(${top}px)` }
  return (
    <div
      role="row"
      id={id}
      tabIndex={-1}
      aria-rowindex={rowIndex}
      {...(ticked === null ? {} : { 'aria-selected': ticked })}
      aria-busy={row === undefined}
      data-index={index}
      data-current={current}
      data-open={open}
      className="grid-line grid-row"
      style={style}
    >
      {children}
    </div>
  )
}

const Tick = ({ name, ticked }: { name: string; ticked: boolean }) => {
  const t = useTranslations('sessions')
  return (
    <div role="gridcell" aria-colindex={1} data-tick="" className="grid-tick">
      <input type="checkbox" readOnly tabIndex={-1} className="tick-box" checked={ticked} aria-label={t('selectRow', { name })} />
    </div>
  )
}

const Waiting = () => <span className="skeleton-bar block h-2.5 w-3/5" />

export const GridRow = memo(({ columns, ...frame }: GridRowProps) => {
  const { row } = frame
  return (
    <RowBox {...frame}>
      {frame.ticked === null ? null : <Tick name={frame.name} ticked={frame.ticked} />}
      {columns.map((column, index) => (
        <div
          key={column.name}
          role="gridcell"
          aria-colindex={index + (frame.ticked === null ? 1 : 2)}
          className={`grid-cell ${column.align === 'end' ? 'justify-end' : ''}`}
        >
          {row === undefined ? <Waiting /> : column.cell(row)}
        </div>
      ))}
    </RowBox>
  )
})
GridRow.displayName = 'GridRow'

export const CardRow = memo(({ card, ...frame }: CardRowProps) => (
  <RowBox {...frame}>
    {frame.ticked === null ? null : <Tick name={frame.name} ticked={frame.ticked} />}
    <div role="gridcell" aria-colindex={frame.ticked === null ? 1 : 2} className={`min-w-0 self-center pe-4 ${frame.ticked === null ? 'ps-4' : ''}`}>
      {frame.row === undefined ? <Waiting /> : card(frame.row)}
    </div>
  </RowBox>
))
CardRow.displayName = 'CardRow'
