import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { chanceOf } from '../lib/chance.mjs'
import { goalLineOf } from '../lib/goals.mjs'
import { fitLine } from '../lib/least-squares.mjs'
import { isIsolate } from '../soak/isolates.mjs'
import { goalsOfSoak, growthOf, isFlat, tableOfSoak } from '../soak/report.mjs'
import { lengthOfStretch, momentsOf, runSoak, type Soaked } from '../soak/run.mjs'

const megabyte = 2 ** 20
const stretch = { calls: 1000, answered: 1000, failed: 0, unanswered: 0, codes: {}, p50: 2, p99: 9, max: 40 }

/** Twenty minutes whose memory is so much by the minute. */
const soaked = (serverAt: (minute: number) => number, more: Partial<Soaked> = {}): Soaked => ({
  seconds: 1200,
  capacity: 2000,
  perSecond: 1000,
  stretchSeconds: 600,
  stretches: [stretch, stretch],
  whole: stretch,
  samples: Array.from({ length: 600 }, (_, place) => ({ at: place * 2, server: serverAt(place / 30) * megabyte, others: 100 * megabyte })),
  killed: [{ at: 3, pid: 7 }],
  lost: 0,
  loadLate: 5,
  ...more,
})

describe('the soak', () => {
  test('B36 a slope is that of the line that fits best, with its error', () => {
    expect(fitLine([1, 2, 3, 4].map((x) => ({ x, y: 3 * x + 2 })))).toEqual({ slope: 3, error: 0, mean: 9.5 })
    const { slope, error } = fitLine([1, 2, 3, 4].map((x) => ({ x, y: x % 2 })))
    expect(slope).toBeCloseTo(-0.2)
    expect(error).toBeCloseTo(0.2828)
    expect(fitLine([{ x: 1, y: 1 }]).slope).toBeNaN()
  })

  test('B36 memory that grows is told, and the beginning counts for nothing', () => {
    expect(
      growthOf(
        soaked((minute) => 200 + 2 * minute),
        ({ server }) => server,
      ).slope,
    ).toBeCloseTo(2)
    const fills = soaked((minute) => (minute < 3 ? 50 * minute : 200))
    expect(growthOf(fills, ({ server, others }) => server + others)).toMatchObject({ slope: expect.closeTo(0), mean: expect.closeTo(300) })
    expect(goalsOfSoak(fills).map(({ met }) => met)).toEqual([true, true, true, true, true])
    expect(goalsOfSoak(soaked((minute) => 200 + 2 * minute)).map(({ met }) => met)).toEqual([true, true, true, false, false])
  })

  test('B36 where the error leaves it open, nothing is said to be flat', () => {
    expect(isFlat({ slope: 0.1, error: 0.1, mean: 400 })).toBe(true)
    expect(isFlat({ slope: 0.1, error: 1, mean: 400 })).toBeNull()
    expect(isFlat({ slope: 2, error: 0.1, mean: 400 })).toBe(false)
    const short = soaked(() => 200, { samples: [], seconds: 6 })
    expect(goalLineOf('soak', goalsOfSoak(short))).toContain('memory of the whole tree is flat, not measured: too short')
  })

  test('B37 a call without an end, an error without a known code and a lost connection each miss the goal', () => {
    const whole = { ...stretch, answered: 990, failed: 9, unanswered: 1, codes: { CALL_INTERRUPTED: 8, SURPRISE: 1 } }
    const goals = goalsOfSoak(soaked(() => 200, { whole, lost: 1 }))
    expect(goals.slice(0, 3).map(({ met }) => met)).toEqual([false, false, false])
    expect(goalsOfSoak(soaked(() => 200, { killed: [] }))[0]?.met).toBeNull()
    const withFailures = { ...stretch, failed: 8, codes: { CALL_INTERRUPTED: 8 }, p99: null }
    expect(tableOfSoak(soaked(() => 200, { stretches: [withFailures, stretch] }))).toContain(
      '| 0.00 | 1000 | 1000 | 8 (CALL_INTERRUPTED 8) | 0 | 2.00 / never / 40.0 | 200 | 100 |',
    )
  })

  test('B38 what is left to chance is the same for the same seed: one moment in each five seconds', () => {
    const moments = momentsOf(61, chanceOf(7))
    expect(moments).toEqual(momentsOf(61, chanceOf(7)))
    expect(moments).not.toEqual(momentsOf(61, chanceOf(8)))
    expect(moments.map((moment) => Math.floor(moment / 5))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    expect([lengthOfStretch(1200), lengthOfStretch(60), lengthOfStretch(6)]).toEqual([60, 3, 1])
  })

  test('B38 only isolates are killed: nothing else that a server has started', () => {
    expect(isIsolate('tessera 4eb0d1/12        ')).toBe(true)
    expect(isIsolate('/usr/bin/node --max-old-space-size=512 /x/runtime/dist/serve.js 4')).toBe(true)
    expect(isIsolate('/usr/bin/node /x/bin/tessera serve project')).toBe(false)
    expect(isIsolate('/x/esbuild --service=0.28.2 --ping')).toBe(false)
  })

  test.skipIf(!existsSync('/proc/self/status'))('B37 isolates are killed under a load of which every call ends', { timeout: 120_000 }, async () => {
    const { killed, whole, lost, capacity, samples } = await runSoak({ minutes: 0.1, callers: 4, seed: 3, capacitySeconds: 0.3 }, () => undefined)
    expect(killed).toHaveLength(1)
    expect(capacity).toBeGreaterThan(0)
    expect(whole.calls).toBeGreaterThan(0)
    expect({ ended: whole.answered + whole.failed, lost }).toEqual({ ended: whole.calls, lost: 0 })
    expect(samples.length).toBeGreaterThan(1)
  })
})
