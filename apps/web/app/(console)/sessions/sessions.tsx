'use client'
import type { SessionQuery, SessionRow, SessionSort } from '@tessera/protocol'
import { type ReactNode, useCallback, useEffect, useReducer, useRef, useState } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { useSessionsAddress } from '../../../src/address/use-sessions-address.ts'
import { FailureNotice } from '../../../src/display/failure-notice.tsx'
import { SessionPanel } from '../../../src/panels/session-panel.tsx'
import { usePageTitle } from '../../../src/shell/page-title.ts'
import { changeSelection, emptySelection, type Selection, type SelectionChange } from '../../../src/table/selection.ts'
import type { GridHandle } from '../../../src/table/virtual-grid.tsx'
import { ChipBar } from './chip-bar.tsx'
import { SearchBar } from './search-bar.tsx'
import { SelectionBar } from './selection-bar.tsx'
import { SessionGrid } from './session-grid.tsx'
import { SortChoice } from './sort-choice.tsx'
import { useSessionKeys } from './use-session-keys.ts'
import { useSessionsWindow } from './use-sessions-window.ts'

type SessionSelection = Selection<SessionRow, SessionQuery>
type Change = SelectionChange<SessionRow, SessionQuery>

export const Sessions = () => {
  const { address, go } = useSessionsAddress()
  const list = useSessionsWindow(address.query, address.sort)
  const [selection, select] = useReducer<SessionSelection, [Change]>(changeSelection, emptySelection<SessionRow, SessionQuery>())
  const [cursor, setCursor] = useState({ index: -1, id: '' })
  const grid = useRef<GridHandle>(null)
  const search = useRef<HTMLInputElement>(null)

  const cursorIndex = list.indexOf(cursor.id) ?? cursor.index
  const moveCursor = useCallback((index: number) => setCursor({ index, id: list.rowAt(index)?.id ?? '' }), [list.rowAt])
  const open = useCallback((index: number) => void openRow(list.rowAt(index)?.id, go), [list.rowAt, go])
  const close = useCallback(() => {
    go({ session: null }, 'push')
    grid.current?.focus()
  }, [go])

  const asked = JSON.stringify([address.query, address.sort])
  const queryKey = JSON.stringify(address.query)
  useEffect(() => {
    if (asked !== '') grid.current?.scrollToTop()
  }, [asked])
  // "Everything that matches" was said of another query.
  useEffect(() => {
    if (queryKey !== '') select({ type: 'toggle', rows: [], on: true })
  }, [queryKey])

  useSessionKeys({ grid, search, list, selection, select, cursor: cursorIndex, moveCursor, open, close, panelOpen: address.session !== null })

  return (
    <div className="flex min-h-0 flex-1">
      <section className="@container flex min-h-0 min-w-0 flex-1 flex-col">
        <Head matching={list.list?.matching} total={list.list?.total}>
          <SortChoice sort={address.sort} go={go} />
        </Head>
        <div className="flex flex-col gap-2 px-4 pb-2">
          <SearchBar inputRef={search} text={address.query.text} go={go} onDown={() => grid.current?.focus()} />
          <ChipBar chips={address.query.chips} counts={list.list?.counts} onChange={(chips) => go({ chips })} />
        </div>
        {list.gone === null ? null : (
          <div className="px-4 pb-2">
            <FailureNotice error={{ data: list.gone }} />
          </div>
        )}
        <SessionGrid
          gridRef={grid}
          list={list}
          sort={address.sort}
          onSort={(column) => go({ sort: nextSort(address.sort, column) })}
          selection={selection}
          select={select}
          cursor={cursorIndex}
          onCursor={moveCursor}
          openId={address.session}
          onOpen={open}
          onClearFilters={() => go({ text: '', chips: [] })}
        />
        <SelectionBar selection={selection} select={select} query={address.query} matching={list.list?.matching ?? 0} />
      </section>
      {address.session === null ? null : (
        <SessionPanel
          id={address.session}
          tab={address.tab}
          history={address.history}
          onTab={(tab) => go({ tab })}
          onHistory={(history) => go({ history })}
          onClose={close}
        />
      )}
    </div>
  )
}

const openRow = (id: string | undefined, go: (change: { session: string }, how: 'push') => void): void => {
  if (id !== undefined) go({ session: id }, 'push')
}

const nextSort = (sort: SessionSort, column: SessionSort['column']): SessionSort => ({
  column,
  direction: sort.column === column && sort.direction === 'ascending' ? 'descending' : 'ascending',
})

const Head = ({ matching, total, children }: { matching: number | undefined; total: number | undefined; children: ReactNode }) => {
  const t = useTranslations('sessions')
  const format = useFormatter()
  const count = matching === undefined || total === undefined ? '' : t('titleCount', { matching, total })
  usePageTitle(`${t('title')} ${matching === undefined ? '' : format.number(matching)}`.trim())
  return (
    <div className="flex items-baseline gap-2 px-4 pt-4 pb-3">
      <h1 className="flex min-w-0 flex-wrap items-baseline gap-x-2 text-xl font-semibold tracking-tight">
        {t('title')} <span className="text-base font-normal text-muted">{count}</span>
      </h1>
      {children}
    </div>
  )
}
