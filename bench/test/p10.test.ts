import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { goalLineOf } from '../lib/goals.mjs'
import { goalsOfP10, summariseP10, tableOfP10 } from '../p10/report.mjs'
import { memoryOf, type Row, runP10, sizesUpTo } from '../p10/run.mjs'

const row = (round: number, sessions: number, more: Partial<Row>): Row => ({
  round,
  sessions,
  rate: 2000,
  idleCpu: 10,
  cpu: 80,
  each: 16 * 1024,
  residentEach: 18 * 1024,
  othersEach: 4 * 1024,
  server: 200 * 2 ** 20,
  ...more,
})

test('B35 sizes grow tenfold from a hundred, and each is compared with the fewest of its own round', () => {
  expect(sizesUpTo(10_000)).toEqual([100, 1000, 10_000])
  expect(sizesUpTo(2000)).toEqual([100, 1000, 2000])
  expect(sizesUpTo(40)).toEqual([40])
  const rows = [0, 1].flatMap((round) => [
    row(round, 10_000, { cpu: 84 * (1 + round), each: 20 * 1024 }),
    row(round, 100, { cpu: 80 * (1 + round), each: null }),
    row(round, 1000, { cpu: 81 * (1 + round) }),
  ])
  const summary = summariseP10(rows)
  expect(goalLineOf('P10', goalsOfP10(summary))).toBe(
    'goal P10: CPU of a call at 10,000 sessions <= 1.1x of fewest: 1.05x, met; bytes of a session at 10,000 sessions <= 1.1x of fewest: 1.25x, MISSED',
  )
  expect(tableOfP10(summary)).toContain('| 100 | 120 (80.0-160) | 2,000 (2,000-2,000) | 10.0 (10.0-10.0) | - |')
})

test('B35 with fewer sessions than the goal names, or without /proc, nothing is judged', () => {
  const few = summariseP10([row(0, 100, { each: null }), row(0, 1000, {})])
  expect(goalLineOf('P10', goalsOfP10(few))).toContain('not measured: fewer sessions')
  const unmeasured = summariseP10([row(0, 1000, { cpu: null }), row(0, 10_000, { cpu: null })])
  expect(goalsOfP10(unmeasured).map(({ met }) => met)).toEqual([null, true])
})

test('B35 only the sessions that came meanwhile count', () => {
  const before = { heap: 1000, memory: { server: 5000, others: 0, processes: 2 } }
  const after = { heap: 3000, memory: { server: 9000, others: 1000, processes: 2 } }
  expect(memoryOf(before, after, 10)).toEqual({ each: 200, residentEach: 400, othersEach: 100, server: 9000 })
  expect(memoryOf(before, after, 0)).toMatchObject({ each: null, residentEach: null })
  expect(memoryOf({ ...before, memory: null }, after, 10)).toMatchObject({ each: 200, residentEach: null, server: 9000 })
})

test.skipIf(!existsSync('/proc/self/status'))('B35 calls are measured beside idle sessions', { timeout: 120_000 }, async () => {
  const [row] = await runP10({ rounds: 1, sessions: 20, connections: 2, seconds: 0.3, settleMs: 10 }, () => undefined)
  expect(row).toMatchObject({ sessions: 20, each: null })
  expect(row?.rate).toBeGreaterThan(0)
  expect(row?.cpu).not.toBeNull()
  expect(row?.server).toBeGreaterThan(20 * 2 ** 20)
})
