'use client'
import type { CallRow } from '@tessera/protocol'
import { useTranslations } from 'use-intl'
import { useServer } from '../../shell/server-provider.tsx'
import { useMilliseconds } from './use-milliseconds.ts'

/** How long a call took; marked where the project's settings call that slow. */
export const CallDuration = ({ call }: { call: CallRow }) => {
  const t = useTranslations('calls')
  const inMs = useMilliseconds()
  const slowMs = useServer()?.callLog?.slowMs ?? Number.POSITIVE_INFINITY
  if (call.durationMs < slowMs) return <span className="tabular-nums">{inMs(call.durationMs)}</span>
  return (
    <span className="font-medium text-caution tabular-nums">
      {inMs(call.durationMs)}
      <span className="sr-only">, {t('isSlow')}</span>
    </span>
  )
}
