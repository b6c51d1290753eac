import { describe, expect, it } from 'vitest'
import type { callRow } from '../../testing/rows.ts'
import { partsOf } from './call-parts.ts'

const parts = (split: Partial<ReturnType<typeof callRow>['split']>, durationMs = 10) =>
  partsOf({ durationMs, split: { queueMs: 0, hopMs: null, runMs: null, storageMs: null, dataMs: null, ...split } }).map(({ part, ms, share }) => [
    part,
    ms,
    share,
  ])

describe('where the time of a call went', () => {
  it('W38 is told part by part, and what code waits for is not its own time', () => {
    expect(parts({ queueMs: 1, hopMs: 1, runMs: 8, storageMs: 2, dataMs: 5 })).toEqual([
      ['queue', 1, 0.1],
      ['hop', 1, 0.1],
      ['run', 1, 0.1],
      ['storage', 2, 0.2],
      ['data', 5, 0.5],
    ])
  })

  it('W38 leaves out what was not measured', () => {
    expect(parts({ queueMs: 10 })).toEqual([['queue', 10, 1]])
    expect(parts({}, 0)).toEqual([['queue', 0, 0]])
  })

  it('W38 never fills more than the whole, though waits overlap', () => {
    const shares = parts({ hopMs: 0, runMs: 10, storageMs: 9, dataMs: 9 }).map(([, , share]) => Number(share))
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1)
    expect(Math.min(...shares)).toBe(0)
  })
})
