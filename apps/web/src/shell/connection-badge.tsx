'use client'
import { useLocale, useTranslations } from 'use-intl'
import { formatInstant } from '../display/durations.ts'
import type { ConnectionStatus } from '../live/connection-status.ts'
import { useConnectionStatus } from '../live/live-provider.tsx'

const dots: Record<ConnectionStatus['name'], string> = { connecting: 'bg-muted', live: 'bg-good', reconnecting: 'bg-caution', offline: 'bg-bad' }

/** The live socket's state, in words. */
export const ConnectionBadge = () => {
  const t = useTranslations('connection')
  const locale = useLocale()
  const status = useConnectionStatus()
  const words = status.name === 'offline' ? t('offline', { time: formatInstant(locale, new Date(status.since).toISOString()) }) : t(status.name)
  return (
    <span data-testid="connection" title={t('label')} className="inline-flex shrink-0 items-center gap-2 text-xs">
      <span aria-hidden="true" className={`size-2 rounded-full ${dots[status.name]}`} />
      <span className="sr-only">{t('label')}: </span>
      {words}
    </span>
  )
}
