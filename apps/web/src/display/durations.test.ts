import { describe, expect, it } from 'vitest'
import { formatAgo, formatBytes, formatCountdown, formatDuration, formatInstant, formatShortDuration } from './durations.ts'

const minute = 60_000

describe('spans of time', () => {
  it('come in their largest whole unit', () => {
    expect([0, 59_999, minute, 119 * minute, 49 * 60 * minute].map((ms) => formatShortDuration('en', ms))).toEqual(['0s', '59s', '1m', '1h', '2d'])
    expect(formatDuration('es', 3 * minute)).toBe('3 minutos')
  })

  it('say "now" instead of zero, and never the future', () => {
    expect(formatAgo('en', 300)).toBe('now')
    expect(formatAgo('en', -5_000)).toBe('now')
    expect(formatAgo('es', 2 * minute)).toBe('hace 2 minutos')
  })
})

describe('what is left of a wait', () => {
  it('comes in its two largest units, and never falls below nothing', () => {
    const left = [172_800_000, 172_799_000, 2 * 60 * minute, 872_000, 60_000, 31_400, 0, -5_000].map((ms) => formatCountdown('en', ms))
    expect(left).toEqual(['2d', '1d 23h', '2h', '14m 32s', '1m', '32s', '0s', '0s'])
  })
})

describe('instants', () => {
  const now = new Date(2026, 9, 12, 18)

  it('name the day when it is another one, and the year when it is another one', () => {
    expect(formatInstant('en-GB', new Date(2026, 9, 12, 9, 5, 7).toISOString(), now)).toBe('09:05:07')
    expect(formatInstant('en-GB', new Date(2026, 9, 9, 9, 5).toISOString(), now)).toMatch(/^9 Oct,? 09:05$/)
    expect(formatInstant('en-GB', new Date(2025, 0, 2, 9, 5).toISOString(), now)).toContain('2025')
  })
})

describe('sizes', () => {
  it('are short', () => {
    expect([512, 1_536, 1_048_576].map((bytes) => formatBytes('en', bytes))).toEqual(['512 B', '1.5 kB', '1 MB'])
  })
})
