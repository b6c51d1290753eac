'use client'
import { useSyncExternalStore } from 'react'
import { useLocale, useTranslations } from 'use-intl'
import { subscribeToClock } from './clock.ts'
import { formatBytes, formatDuration, formatFullInstant, formatInstant } from './durations.ts'

/** How long it has been, as text that changes by itself. */
export const useElapsed = (at: string): string => {
  const locale = useLocale()
  const read = () => formatDuration(locale, Date.now() - Date.parse(at))
  return useSyncExternalStore(subscribeToClock, read, read)
}

export const Elapsed = ({ at }: { at: string }) => {
  const locale = useLocale()
  const elapsed = useElapsed(at)
  return (
    <time dateTime={at} title={formatFullInstant(locale, at)}>
      {elapsed}
    </time>
  )
}

export const Ago = ({ at }: { at: string }) => {
  const locale = useLocale()
  const t = useTranslations('common')
  const elapsed = useElapsed(at)
  return (
    <time dateTime={at} title={formatFullInstant(locale, at)}>
      {t('ago', { duration: elapsed })}
    </time>
  )
}

export const Instant = ({ at }: { at: string }) => {
  const locale = useLocale()
  return (
    <time dateTime={at} title={formatFullInstant(locale, at)}>
      {formatInstant(locale, at)}
    </time>
  )
}

export const Bytes = ({ count }: { count: number }) => {
  const locale = useLocale()
  return <>{formatBytes(locale, count)}</>
}
