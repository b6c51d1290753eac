'use client'
import type { SessionRow, SessionSort } from '@tessera/protocol'
import { Timer } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslations } from 'use-intl'
import { CallsCount } from '../../../src/display/calls-count.tsx'
import { StateAndWait, VersionMark, WaitingMark } from '../../../src/display/session-marks.tsx'
import { Elapsed, Instant } from '../../../src/display/times.tsx'
import type { Column } from '../../../src/table/columns.ts'

type SessionColumn = Column<SessionRow, SessionSort['column']>

export const useSessionColumns = (): readonly SessionColumn[] => {
  const t = useTranslations()
  return useMemo<readonly SessionColumn[]>(
    () => [
      {
        name: 'userName',
        label: t('column.userName'),
        width: 140,
        grow: 1.4,
        leaves: 0,
        cell: (row) => <UserCell row={row} />,
      },
      {
        name: 'machineName',
        label: t('column.machineName'),
        width: 128,
        grow: 1.2,
        leaves: 6,
        cell: (row) => <span className="truncate">{row.machineName}</span>,
      },
      {
        name: 'address',
        label: t('column.address'),
        width: 124,
        grow: 0.8,
        leaves: 8,
        cell: (row) => <span className="truncate text-muted">{row.address}</span>,
      },
      { name: 'kind', label: t('column.kind'), width: 128, grow: 0.6, leaves: 7, cell: (row) => <span className="truncate">{t(`kind.${row.kind}`)}</span> },
      { name: 'state', label: t('column.state'), width: 188, grow: 0.4, leaves: 0, cell: (row) => <StateAndWait row={row} brief /> },
      { name: 'version', label: t('column.version'), width: 132, grow: 0.5, leaves: 2, cell: (row) => <VersionCell row={row} /> },
      { name: 'createdAt', label: t('column.createdAt'), width: 116, grow: 0, leaves: 5, cell: (row) => <Instant at={row.createdAt} /> },
      { name: 'lastActivityAt', label: t('column.lastActivityAt'), width: 120, grow: 0, leaves: 4, cell: (row) => <Elapsed at={row.lastActivityAt} /> },
      {
        name: 'calls',
        label: t('column.calls'),
        width: 104,
        grow: 0,
        align: 'end',
        leaves: 9,
        cell: (row) => <CallsCount calls={row.calls} errors={row.errors} />,
      },
    ],
    [t],
  )
}

const UserCell = ({ row }: { row: SessionRow }) => (
  <span className="flex min-w-0 items-center gap-2">
    <span className="truncate font-medium">{row.userName}</span>
    <WaitingMark count={row.waitingMessages} />
  </span>
)

const VersionCell = ({ row }: { row: SessionRow }) => {
  const t = useTranslations('sessions')
  return (
    <>
      <VersionMark version={row.version} />
      {row.pendingReload === null ? null : (
        <span title={t('reloadPending')} className="ms-1 text-info">
          <Timer aria-hidden="true" className="size-3.5" />
          <span className="sr-only">{t('reloadPending')}</span>
        </span>
      )}
    </>
  )
}

/** A session on a narrow screen: who and in what state above, where and since when below. */
export const SessionCard = ({ row }: { row: SessionRow }) => {
  const t = useTranslations('kind')
  return (
    <div className="flex flex-col gap-0.5">
      <div className="flex items-center justify-between gap-3">
        <UserCell row={row} />
        <span className="shrink-0 text-xs">
          <StateAndWait row={row} brief />
        </span>
      </div>
      <div className="flex items-center justify-between gap-3 text-xs text-muted">
        <span className="min-w-0 truncate">
          {t(row.kind)} · {row.machineName || row.address} · <Elapsed at={row.lastActivityAt} />
        </span>
        <span className="flex shrink-0 items-center">
          <VersionCell row={row} />
        </span>
      </div>
    </div>
  )
}
