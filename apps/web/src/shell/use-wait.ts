'use client'
import { useEffect, useState } from 'react'
import { useLocale } from 'use-intl'
import { formatDuration } from '../display/durations.ts'

/** Counts a wait down to null. A new `occasion` starts it again. */
export const useWait = (waitMs: number | null, occasion: number): string | null => {
  const locale = useLocale()
  const [leftMs, setLeftMs] = useState(0)

  // biome-ignore lint/correctness/useExhaustiveDependencies: the same wait may be asked for twice
  useEffect(() => {
    setLeftMs(waitMs ?? 0)
    if (waitMs === null) return
    const endsAt = Date.now() + waitMs
    const timer = setInterval(() => {
      const left = Math.max(0, endsAt - Date.now())
      setLeftMs(left)
      if (left === 0) clearInterval(timer)
    }, 1_000)
    return () => clearInterval(timer)
  }, [waitMs, occasion])

  return leftMs > 0 ? formatDuration(locale, leftMs + 999) : null
}
