'use client'
import type { CallRow } from '@tessera/protocol'
import { useTranslations } from 'use-intl'

/** How a call ended: well, or with which code. */
export const CallMark = ({ call }: { call: CallRow }) => {
  const t = useTranslations('calls')
  return (
    <span className="inline-flex max-w-full shrink-0 items-center gap-2 text-xs">
      <span aria-hidden="true" className={`size-2 shrink-0 rounded-full ${call.ok ? 'bg-good' : 'bg-bad'}`} />
      {call.ok ? t('ok') : <code className="truncate">{call.code ?? t('failed')}</code>}
    </span>
  )
}
