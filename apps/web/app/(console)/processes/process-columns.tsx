'use client'
import type { ProcessRow, ProcessSort } from '@tessera/protocol'
import { useMemo } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { CallsCount } from '../../../src/display/calls-count.tsx'
import { Meter } from '../../../src/display/meter.tsx'
import { Elapsed } from '../../../src/display/times.tsx'
import { ProcessMark } from '../../../src/panels/processes/process-mark.tsx'
import type { Column } from '../../../src/table/columns.ts'

type ProcessColumn = Column<ProcessRow, ProcessSort['column']>

export const useProcessColumns = (): readonly ProcessColumn[] => {
  const t = useTranslations('processes')
  const format = useFormatter()
  return useMemo<readonly ProcessColumn[]>(
    () => [
      { name: 'number', label: t('number'), width: 72, grow: 0, align: 'end', leaves: 5, cell: (row) => <span className="text-muted">{row.number}</span> },
      { name: 'name', label: t('name'), width: 140, grow: 1.2, leaves: 0, cell: (row) => <span className="truncate font-medium">{row.name}</span> },
      { name: 'userName', label: t('user'), width: 120, grow: 1, leaves: 3, cell: (row) => <span className="truncate">{row.userName}</span> },
      { name: 'kind', label: t('kind'), width: 128, grow: 0.6, leaves: 6, cell: (row) => <span className="truncate">{t(row.kind)}</span> },
      { name: 'state', label: t('state'), width: 116, grow: 0, leaves: 0, cell: (row) => <ProcessMark state={row.state} /> },
      { name: 'method', label: t('method'), width: 140, grow: 1.2, leaves: 1, cell: (row) => <code className="truncate">{row.method ?? ''}</code> },
      { name: 'startedAt', label: t('since'), width: 80, grow: 0, align: 'end', leaves: 4, cell: (row) => <Elapsed at={row.startedAt} /> },
      { name: 'cpuUsage', label: t('cpu'), width: 104, grow: 0, align: 'end', leaves: 2, cell: (row) => <Meter share={row.cpuUsage} label={t('cpu')} /> },
      { name: 'queued', label: t('queue'), width: 88, grow: 0, align: 'end', leaves: 8, cell: (row) => (row.queued === 0 ? '' : format.number(row.queued)) },
      { name: 'calls', label: t('calls'), width: 108, grow: 0, align: 'end', leaves: 7, cell: (row) => <CallsCount calls={row.calls} errors={row.errors} /> },
    ],
    [t, format],
  )
}

/** A process on a narrow screen: what it is and its state above, what it does and for whom below. */
export const ProcessCard = ({ row }: { row: ProcessRow }) => {
  const t = useTranslations('processes')
  return (
    <div className="flex flex-col gap-0.5">
      <div className="flex items-center justify-between gap-3">
        <span className="min-w-0 truncate">
          <span className="text-muted">{row.number}</span> <span className="font-medium">{row.name}</span>
        </span>
        <ProcessMark state={row.state} />
      </div>
      <div className="flex items-center justify-between gap-3 text-xs text-muted">
        <span className="min-w-0 truncate">
          {row.method === null ? t(row.kind) : <code>{row.method}</code>} · {row.userName} · <Elapsed at={row.startedAt} />
        </span>
        <Meter share={row.cpuUsage} label={t('cpu')} />
      </div>
    </div>
  )
}
