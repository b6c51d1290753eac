'use client'
import type { ProcessSort } from '@tessera/protocol'
import { type ReactNode, useCallback, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { processChips } from '../../../src/address/process-names.ts'
import type { ProcessesUrl } from '../../../src/address/process-url.ts'
import { Empty } from '../../../src/display/empty.tsx'
import { FailureNotice } from '../../../src/display/failure-notice.tsx'
import { FilterChips } from '../../../src/display/filter-chips.tsx'
import { OneSessionChip } from '../../../src/display/one-session-chip.tsx'
import { SearchBox } from '../../../src/display/search-box.tsx'
import { SkeletonLines } from '../../../src/display/skeleton.tsx'
import { ProcessPanel } from '../../../src/panels/processes/process-panel.tsx'
import { useEscape } from '../../../src/panels/use-escape.ts'
import { useSingleKeys } from '../../../src/shell/single-keys.ts'
import { type GridHandle, VirtualGrid } from '../../../src/table/virtual-grid.tsx'
import { ProcessCard, useProcessColumns } from './process-columns.tsx'
import { ProcessesHead } from './processes-head.tsx'
import type { GoTo } from './use-processes-address.ts'
import { type ProcessesWindowState, useProcessesWindow } from './use-processes-window.ts'

interface ProcessBrowserProps {
  choice: ReactNode
  address: ProcessesUrl
  go: GoTo
}

/** The processes of all sessions or of one, searched, narrowed and ordered by the server; one opens beside them. */
export const ProcessBrowser = ({ choice, address, go }: ProcessBrowserProps) => {
  const t = useTranslations('processes')
  const { text, chips, session, sort, process } = address
  const list = useProcessesWindow({ text, chips: [...chips], session, process: null }, sort)
  const grid = useRef<GridHandle>(null)
  const search = useRef<HTMLInputElement>(null)
  const close = useCallback(() => {
    go({ process: null }, 'push')
    grid.current?.focus()
  }, [go])
  useSingleKeys({ '/': () => search.current?.focus() })
  useEscape(process === null ? null : close)
  const shown = list.list
  return (
    <div className="flex min-h-0 flex-1">
      <section className="@container flex min-h-0 min-w-0 flex-1 flex-col">
        <ProcessesHead title={t('title')} count={shown === undefined ? '' : t('titleCount', { matching: shown.matching, total: shown.total })}>
          {choice}
        </ProcessesHead>
        <div className="flex flex-col gap-2 px-4 pb-2">
          <SearchBox
            inputRef={search}
            label={t('search')}
            placeholder={t('placeholder')}
            text={text}
            onText={(next) => go({ text: next })}
            onDown={() => grid.current?.focus()}
          />
          <div className="flex flex-wrap items-center gap-2">
            {session === null ? null : <OneSessionChip onClear={() => go({ session: null })} />}
            <FilterChips
              legend={t('filters')}
              all={processChips}
              chosen={chips}
              labelOf={(chip) => t(chip)}
              counts={shown?.counts}
              onChange={(next) => go({ chips: next })}
            />
          </div>
        </div>
        {list.gone === null ? null : (
          <div className="px-4 pb-2">
            <FailureNotice error={{ data: list.gone }} />
          </div>
        )}
        <Grid grid={grid} list={list} address={address} go={go} />
      </section>
      {process === null ? null : <ProcessPanel id={process} onClose={close} />}
    </div>
  )
}

interface GridProps {
  grid: React.RefObject<GridHandle | null>
  list: ProcessesWindowState
  address: ProcessesUrl
  go: GoTo
}

const Grid = ({ grid, list, address, go }: GridProps) => {
  const t = useTranslations('processes')
  const columns = useProcessColumns()
  const [cursor, setCursor] = useState({ index: -1, id: '' })
  if (list.list === undefined) {
    return (
      <div className="flex-1 border-t border-border px-4">
        <SkeletonLines lines={12} label={t('loading')} />
      </div>
    )
  }
  if (list.list.matching === 0) {
    return (
      <Empty title={t(list.list.total === 0 ? 'noneTitle' : 'nothingMatches')}>
        <p>{t(list.list.total === 0 ? 'noneText' : 'nothingMatchesText')}</p>
      </Empty>
    )
  }
  return (
    <VirtualGrid
      ref={grid}
      label={t('list')}
      columns={columns}
      count={list.list.matching}
      rowAt={list.rowAt}
      nameOf={({ name }) => name}
      card={(row) => <ProcessCard row={row} />}
      sort={address.sort}
      onSort={(column) => go({ sort: nextSort(address.sort, column) })}
      cursor={list.indexOf(cursor.id) ?? cursor.index}
      onCursor={(index) => setCursor({ index, id: list.rowAt(index)?.id ?? '' })}
      openId={address.process}
      onOpen={(index) => openRow(list.rowAt(index)?.id, go)}
      onVisible={list.onVisible}
      busy={list.stale}
    />
  )
}

const openRow = (id: string | undefined, go: GoTo): void => {
  if (id !== undefined) go({ process: id }, 'push')
}

/** What is large is looked for first. */
const largestFirst: ReadonlySet<ProcessSort['column']> = new Set(['cpuUsage', 'queued', 'calls'])

const nextSort = (sort: ProcessSort, column: ProcessSort['column']): ProcessSort => {
  if (sort.column === column) return { column, direction: sort.direction === 'ascending' ? 'descending' : 'ascending' }
  return { column, direction: largestFirst.has(column) ? 'descending' : 'ascending' }
}
