'use client'
import { WifiOff } from 'lucide-react'
import { useLocale, useTranslations } from 'use-intl'
import { formatInstant } from '../display/durations.ts'
import { useConnectionStatus } from '../live/live-provider.tsx'

/** Says that what is on the page is no longer live. The status region stands empty while all is well. */
export const ConnectionBanner = () => {
  const t = useTranslations('connection')
  const locale = useLocale()
  const status = useConnectionStatus()
  const lost = status.name === 'reconnecting' || status.name === 'offline' ? status : null
  const time = lost === null ? '' : formatInstant(locale, new Date(lost.since).toISOString())
  return (
    <div role="status">
      {lost === null ? null : (
        <p className="flex items-center gap-2 border-b border-border bg-caution-wash px-4 py-2">
          <WifiOff aria-hidden="true" className="size-4 shrink-0 text-caution" />
          {lost.name === 'offline' ? t('bannerOffline', { time }) : t('bannerReconnecting', { time })}
        </p>
      )}
    </div>
  )
}
