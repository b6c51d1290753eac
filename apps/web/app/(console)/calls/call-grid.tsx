'use client'
import type { CallRow } from '@tessera/protocol'
import { type RefObject, useState } from 'react'
import { useTranslations } from 'use-intl'
import type { CallSort, CallsUrl } from '../../../src/address/call-url.ts'
import { Empty } from '../../../src/display/empty.tsx'
import { SkeletonLines } from '../../../src/display/skeleton.tsx'
import { CallLogOff } from '../../../src/panels/calls/call-log-off.tsx'
import { useMilliseconds } from '../../../src/panels/calls/use-milliseconds.ts'
import { useServer } from '../../../src/shell/server-provider.tsx'
import { type GridHandle, VirtualGrid } from '../../../src/table/virtual-grid.tsx'
import { CallCard, useCallColumns } from './call-columns.tsx'
import type { GoTo } from './use-calls-address.ts'

interface CallGridProps {
  grid: RefObject<GridHandle | null>
  /** Undefined until the first answer. */
  calls: readonly CallRow[] | undefined
  /** Whether there is one at all, searched for or not. */
  any: boolean
  address: CallsUrl
  go: GoTo
}

export const CallGrid = ({ grid, calls, any, address, go }: CallGridProps) => {
  const t = useTranslations('calls')
  const columns = useCallColumns()
  const [cursor, setCursor] = useState({ index: -1, number: -1 })
  if (calls === undefined) {
    return (
      <div className="flex-1 border-t border-border px-4">
        <SkeletonLines lines={12} label={t('loading')} />
      </div>
    )
  }
  if (calls.length === 0) return <NoCalls any={any} slow={address.slow} />
  const at = calls.findIndex(({ number }) => number === cursor.number)
  const rowAt = (index: number) => {
    const row = calls[index]
    return row === undefined ? undefined : { id: String(row.number), row }
  }
  return (
    <VirtualGrid
      ref={grid}
      label={t('list')}
      columns={columns}
      count={calls.length}
      rowAt={rowAt}
      nameOf={({ method }) => method}
      card={(call) => <CallCard call={call} />}
      sort={address.sort}
      onSort={(column) => go({ sort: nextSort(address.sort, column) })}
      cursor={at < 0 ? Math.min(cursor.index, calls.length - 1) : at}
      onCursor={(index) => setCursor({ index, number: calls[index]?.number ?? -1 })}
      openId={address.call === null ? null : String(address.call)}
      onOpen={(index) => go({ call: calls[index]?.number ?? null }, 'push')}
      onVisible={noMatter}
      busy={false}
    />
  )
}

/** All of the list is here: whatever is on screen need not be asked for. */
const noMatter = (): void => undefined

/** The newest and the longest are looked for first. */
const nextSort = (sort: CallSort, column: CallSort['column']): CallSort => {
  if (sort.column === column) return { column, direction: sort.direction === 'ascending' ? 'descending' : 'ascending' }
  return { column, direction: column === 'method' || column === 'userName' ? 'ascending' : 'descending' }
}

const NoCalls = ({ any, slow }: { any: boolean; slow: boolean }) => {
  const t = useTranslations('calls')
  const inMs = useMilliseconds()
  const log = useServer()?.callLog
  if (any) {
    return (
      <Empty title={t('nothingMatches')}>
        <p>{t('nothingMatchesText')}</p>
      </Empty>
    )
  }
  if (log?.enabled === false) {
    return (
      <Empty title={t('offTitle')}>
        <CallLogOff />
      </Empty>
    )
  }
  const code = (chunks: React.ReactNode) => <code>{chunks}</code>
  return (
    <Empty title={t(slow ? 'noneSlow' : 'noneTitle')}>
      <p>{slow ? t.rich('noneSlowText', { time: inMs(log?.slowMs ?? 0), code }) : t('noneText')}</p>
    </Empty>
  )
}
