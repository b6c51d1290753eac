'use client'
import type { CallRow } from '@tessera/protocol'
import Link from 'next/link'
import { useTranslations } from 'use-intl'
import { callsHref } from '../../address/call-url.ts'
import { FailureNotice } from '../../display/failure-notice.tsx'
import { SkeletonLines } from '../../display/skeleton.tsx'
import { Instant } from '../../display/times.tsx'
import { useView } from '../../live/use-view.ts'
import { useServer } from '../../shell/server-provider.tsx'
import { CallDuration } from './call-duration.tsx'
import { CallLogOff } from './call-log-off.tsx'
import { CallMark } from './call-mark.tsx'
import { SplitBar, SplitLegend } from './split-bar.tsx'

const callsListed = 20

/** The last calls of a session, as they end. */
export const SessionCalls = ({ id }: { id: string }) => {
  const t = useTranslations()
  const isOff = useServer()?.callLog?.enabled === false
  const { value, gone } = useView('calls', { kind: 'calls', slow: false, session: id })
  if (value === undefined) return gone === null ? <SkeletonLines lines={6} label={t('common.loading')} /> : <FailureNotice error={{ data: gone }} />
  if (value.calls.length === 0) return isOff ? <CallLogOff /> : <p className="text-muted">{t('calls.noneOfSession')}</p>
  return (
    <div className="flex flex-col gap-3">
      <SplitLegend />
      <ul className="flex flex-col divide-y divide-separator">
        {value.calls.slice(0, callsListed).map((call) => (
          <CallItem key={call.number} call={call} />
        ))}
      </ul>
      <Link href={callsHref({ session: id })} className="text-accent underline underline-offset-2">
        {t('calls.allOfSession')}
      </Link>
    </div>
  )
}

const CallItem = ({ call }: { call: CallRow }) => (
  <li className="flex flex-col gap-1 py-2 first:pt-0">
    <div className="flex items-center justify-between gap-3">
      <Link href={callsHref({ session: call.sessionId, call: call.number })} className="min-w-0 truncate text-accent underline underline-offset-2">
        <code>{call.method}</code>
      </Link>
      <CallMark call={call} />
    </div>
    <div className="grid grid-cols-[auto_1fr_4rem] items-center gap-3 text-xs text-muted">
      <Instant at={call.at} />
      <SplitBar call={call} />
      <span className="text-end">
        <CallDuration call={call} />
      </span>
    </div>
  </li>
)
