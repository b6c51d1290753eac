'use client'
import type { CallRow } from '@tessera/protocol'
import { useTranslations } from 'use-intl'
import { type CallPart, callParts, partsOf } from './call-parts.ts'
import { useMilliseconds } from './use-milliseconds.ts'

export const partInks: Record<CallPart, string> = {
  queue: 'bg-part-queue',
  hop: 'bg-part-hop',
  run: 'bg-part-run',
  storage: 'bg-part-storage',
  data: 'bg-part-data',
}

/** Where a call's time went, in colours; and in words for whoever does not see them. */
export const SplitBar = ({ call }: { call: CallRow }) => {
  const t = useTranslations('calls')
  const inMs = useMilliseconds()
  const parts = partsOf(call).filter(({ ms }) => ms > 0)
  const words = parts.map(({ part, ms }) => `${t(`part_${part}`)} ${inMs(ms)}`).join(', ')
  return (
    <span
      role="img"
      aria-label={words === '' ? t('notMeasured') : words}
      title={words}
      className="flex h-2 w-full min-w-16 gap-px overflow-hidden rounded-full bg-default"
    >
      {parts.map(({ part, share }) => (
        <span key={part} className={`h-full ${partInks[part]}`} style={{ width: `${share * 100}%` }} />
      ))}
    </span>
  )
}

export const SplitLegend = () => {
  const t = useTranslations('calls')
  return (
    <ul aria-label={t('legend')} className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-muted">
      {callParts.map((part) => (
        <li key={part} className="inline-flex items-center gap-1.5" title={t(`hint_${part}`)}>
          <span aria-hidden="true" className={`size-2 rounded-xs ${partInks[part]}`} />
          {t(`part_${part}`)}
        </li>
      ))}
    </ul>
  )
}
