'use client'
import { useFormatter } from 'use-intl'

/** A duration with as many figures as mean something: `0.042 ms`, `12.3 ms`, `827 ms`, `7.61 s`. */
export const useMilliseconds = (): ((ms: number) => string) => {
  const format = useFormatter()
  return (ms) => {
    if (ms >= 1000) return `${format.number(ms / 1000, { minimumFractionDigits: ms < 10_000 ? 2 : 1, maximumFractionDigits: ms < 10_000 ? 2 : 1 })} s`
    return `${format.number(ms, ms < 1 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: ms < 100 ? 1 : 0 })} ms`
  }
}
