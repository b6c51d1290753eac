'use client'
import { useSyncExternalStore } from 'react'
import { useLocale } from 'use-intl'
import { subscribeToClock } from './clock.ts'
import { formatAgo, formatBytes, formatCountdown, formatDuration, formatFullInstant, formatInstant, formatShortDuration } from './durations.ts'

/** A text about how long it has been, which changes by itself and renders only when it does. */
const useSince = (at: string, format: (locale: string, ms: number) => string): string => {
  const locale = useLocale()
  const read = () => format(locale, Date.now() - Date.parse(at))
  return useSyncExternalStore(subscribeToClock, read, read)
}

/** For sentences: `3 minutes`. */
export const useElapsed = (at: string): string => useSince(at, formatDuration)

const Time = ({ at, children }: { at: string; children: string }) => {
  const locale = useLocale()
  return (
    <time dateTime={at} title={formatFullInstant(locale, at)}>
      {children}
    </time>
  )
}

/** For columns: `3m`. */
export const Elapsed = ({ at }: { at: string }) => <Time at={at}>{useSince(at, formatShortDuration)}</Time>

/** What is left until then, ticking: `47h 59m`, `14m 32s`. */
export const Countdown = ({ at }: { at: string }) => <Time at={at}>{useSince(at, countdown)}</Time>

const countdown = (locale: string, ms: number): string => formatCountdown(locale, -ms)

export const Ago = ({ at }: { at: string }) => <Time at={at}>{useSince(at, formatAgo)}</Time>

export const Instant = ({ at }: { at: string }) => <Time at={at}>{formatInstant(useLocale(), at)}</Time>

export const Bytes = ({ count }: { count: number }) => <>{formatBytes(useLocale(), count)}</>
