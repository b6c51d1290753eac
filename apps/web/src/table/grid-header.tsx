'use client'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { useTranslations } from 'use-intl'
import type { Column } from './columns.ts'
import { TickBox } from './tick-box.tsx'

export interface GridSort<Name extends string> {
  column: Name
  direction: 'ascending' | 'descending'
}

export type TickState = 'none' | 'some' | 'all'

interface GridHeaderProps<Row, Name extends string> {
  columns: readonly Column<Row, Name>[]
  sort: GridSort<Name>
  ticking: { tickState: TickState; onTickAll: () => void } | undefined
  onSort: (column: Name) => void
}

export const GridHeader = <Row, Name extends string>({ columns, sort, ticking, onSort }: GridHeaderProps<Row, Name>) => {
  const t = useTranslations('sessions')
  return (
    <div role="rowgroup" className="sticky top-0 z-10 bg-surface">
      <div role="row" aria-rowindex={1} className="grid-line h-8 border-b border-border text-xs text-muted">
        {ticking === undefined ? null : (
          <div role="columnheader" aria-colindex={1} className="grid-tick">
            <TickBox label={t('selectAll')} state={ticking.tickState} onToggle={ticking.onTickAll} />
          </div>
        )}
        {columns.map((column, index) => {
          const sorted = column.name === sort.column ? sort.direction : undefined
          const Arrow = sorted === 'ascending' ? ArrowUp : ArrowDown
          return (
            <div
              key={column.name}
              role="columnheader"
              aria-colindex={index + (ticking === undefined ? 1 : 2)}
              aria-sort={sorted ?? 'none'}
              className="flex min-w-0"
            >
              <button
                type="button"
                onClick={() => onSort(column.name)}
                className={`sort-button ${column.align === 'end' ? 'justify-end' : ''} ${sorted ? 'text-foreground' : ''}`}
              >
                <span className={`truncate ${column.align === 'end' ? 'order-last' : ''}`}>{column.label}</span>
                <Arrow aria-hidden="true" className={`size-3 shrink-0 ${sorted ? '' : 'sort-hint'}`} />
              </button>
            </div>
          )
        })}
      </div>
    </div>
  )
}
