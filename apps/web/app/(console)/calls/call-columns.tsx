'use client'
import type { CallRow } from '@tessera/protocol'
import { useMemo } from 'react'
import { useTranslations } from 'use-intl'
import type { CallSort } from '../../../src/address/call-url.ts'
import { Instant } from '../../../src/display/times.tsx'
import { CallDuration } from '../../../src/panels/calls/call-duration.tsx'
import { CallMark } from '../../../src/panels/calls/call-mark.tsx'
import { SplitBar } from '../../../src/panels/calls/split-bar.tsx'
import type { Column } from '../../../src/table/columns.ts'

export const useCallColumns = (): readonly Column<CallRow, CallSort['column']>[] => {
  const t = useTranslations('calls')
  return useMemo<readonly Column<CallRow, CallSort['column']>[]>(
    () => [
      { name: 'at', label: t('at'), width: 120, grow: 0, leaves: 2, cell: (call) => <Instant at={call.at} /> },
      { name: 'method', label: t('method'), width: 160, grow: 1.4, leaves: 0, cell: (call) => <code className="truncate">{call.method}</code> },
      { name: 'userName', label: t('user'), width: 120, grow: 1, leaves: 1, cell: (call) => <span className="truncate">{call.userName}</span> },
      { name: 'durationMs', label: t('duration'), width: 216, grow: 0.8, align: 'end', leaves: 0, cell: (call) => <Duration call={call} /> },
      { name: 'outcome', label: t('outcome'), width: 168, grow: 0.6, leaves: 0, cell: (call) => <CallMark call={call} /> },
    ],
    [t],
  )
}

const Duration = ({ call }: { call: CallRow }) => (
  <span className="grid w-full grid-cols-[1fr_5rem] items-center gap-3">
    <SplitBar call={call} />
    <span className="text-end">
      <CallDuration call={call} />
    </span>
  </span>
)

/** A call on a narrow screen: what and how it ended above, whose and how long below. */
export const CallCard = ({ call }: { call: CallRow }) => (
  <div className="flex flex-col gap-0.5">
    <div className="flex items-center justify-between gap-3">
      <code className="min-w-0 truncate">{call.method}</code>
      <CallMark call={call} />
    </div>
    <div className="flex items-center justify-between gap-3 text-xs text-muted">
      <span className="min-w-0 truncate">
        {call.userName} · <Instant at={call.at} />
      </span>
      <span className="inline-flex shrink-0 items-center gap-2">
        <span className="w-16">
          <SplitBar call={call} />
        </span>
        <span className="min-w-16 text-end">
          <CallDuration call={call} />
        </span>
      </span>
    </div>
  </div>
)
