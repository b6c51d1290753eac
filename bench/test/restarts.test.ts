import { describe, expect, test } from 'vitest'
import { goalLineOf } from '../lib/goals.mjs'
import { goalsOfP4, summariseP4, tableOfP4 } from '../p4/report.mjs'
import { runP4, type Row as StormRow } from '../p4/run.mjs'
import { goalsOfP9, summariseP9, tableOfP9 } from '../p9/report.mjs'
import { runP9, type Row as StartRow } from '../p9/run.mjs'

const quiet = (): void => undefined

const storm = (variant: string, round: number, more: Partial<StormRow>): StormRow => ({
  variant,
  round,
  sessions: 10_000,
  startMs: 2000,
  backMs: 12_000,
  rate: 1000,
  cpu: 100,
  back: 10_000,
  wrong: 0,
  refused: {},
  ...more,
})

describe('P4', () => {
  test('B25 every client that did not come back counts as lost, and so does one without what it kept', () => {
    const lines = summariseP4([storm('socket.io', 0, { rate: 1250 }), storm('tessera', 0, { back: 9_999, refused: { SESSION_ENDED: 1 }, wrong: 2 })])
    expect(goalLineOf('P4', goalsOfP4(lines))).toBe(
      'goal P4: rate >= 0.6x of socket.io: 0.80x, met; 10,000 back in <= 30 s: 12.0 s, met; none lost: 3.00 lost, MISSED',
    )
    expect(tableOfP4(lines)).toContain('| 3 (SESSION_ENDED 1) |')
  })

  test('B28 where no session survives the restart, no rate is told', () => {
    const lines = summariseP4([storm('socket.io', 0, {}), storm('tessera', 0, { back: 0, rate: 0, refused: { SESSION_ENDED: 10_000 } })])
    expect(goalsOfP4(lines).map(({ met, why }) => [met, why])).toEqual(Array(3).fill([null, 'sessions do not survive a restart']))
    expect(tableOfP4(lines)).toContain('| Tessera, resume tokens | - | - | - | 2,000 (2,000-2,000) | - |')
  })

  test('B25 clients connect, the servers are killed, and each client is accounted for', { timeout: 120_000 }, async () => {
    const rows = await runP4({ rounds: 1, sessions: 12, peers: ['tessera', 'socket.io'] }, quiet)
    expect(rows.map(({ variant }) => variant)).toEqual(['tessera', 'socket.io'])
    for (const { back, refused, startMs, backMs } of rows) {
      expect(back + Object.values(refused).reduce((sum, count) => sum + count, 0)).toBe(12)
      expect(backMs).toBeGreaterThan(startMs)
    }
    expect(rows[1]?.back).toBe(12)
  })
})

const start = (variant: 'empty' | 'journalled', round: number, more: Partial<StartRow>): StartRow => ({
  variant,
  round,
  sessions: 10_000,
  readyMs: 900,
  firstMs: 1000,
  server: 2 ** 20,
  others: 2 ** 20,
  looked: 50,
  back: 50,
  wrong: 0,
  refused: {},
  ...more,
})

describe('P9', () => {
  test('B27 a start is compared with an empty one of the same round', () => {
    const rows = [
      start('empty', 0, {}),
      start('journalled', 0, { firstMs: 2500 }),
      start('empty', 1, { firstMs: 5000 }),
      start('journalled', 1, { firstMs: 6700 }),
    ]
    const summary = summariseP9(rows)
    expect(summary.moreMs).toMatchObject({ median: 1600, min: 1500, max: 1700 })
    expect(goalLineOf('P9', goalsOfP9(summary))).toBe(
      'goal P9: with 10,000 sessions the first client is in <= 2 s later: 1.60 s, met; none lost of 100 looked at: 0.00 lost, met',
    )
    expect(goalsOfP9(summariseP9([start('empty', 0, {}), start('journalled', 0, { firstMs: 3500, wrong: 1 })])).map(({ met }) => met)).toEqual([false, false])
  })

  test('B28 where the first session to come back is refused, nothing is compared', () => {
    const summary = summariseP9([start('empty', 0, {}), start('journalled', 0, { looked: 1, back: 0, refused: { SESSION_ENDED: 1 } })])
    expect(goalsOfP9(summary).map(({ met, why }) => [met, why])).toEqual(Array(2).fill([null, 'sessions do not survive a restart']))
    expect(tableOfP9(summary)).toContain('| refused |')
  })

  test('B27 a server is timed from the start of its process until it is ready and has let somebody in', { timeout: 120_000 }, async () => {
    const rows = await runP9({ rounds: 1, sessions: 6 }, quiet)
    expect(rows.map(({ variant }) => variant)).toEqual(['empty', 'journalled'])
    for (const { readyMs, firstMs, looked, back, wrong } of rows) {
      expect(firstMs).toBeGreaterThan(readyMs)
      expect(back).toBeLessThanOrEqual(looked)
      expect(wrong).toBe(0)
    }
    expect(rows[0]).toMatchObject({ looked: 1, back: 1 })
  })
})
