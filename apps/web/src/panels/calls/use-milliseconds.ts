'use client'
import { useFormatter } from 'use-intl'

/** Milliseconds with as many figures as mean something: `0.042 ms`, `12.3 ms`, `1,204 ms`. */
export const useMilliseconds = (): ((ms: number) => string) => {
  const format = useFormatter()
  return (ms) => `${format.number(ms, { ...(ms < 1 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: ms < 100 ? 1 : 0 }) })} ms`
}
