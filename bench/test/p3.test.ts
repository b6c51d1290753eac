import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { goalLineOf } from '../lib/goals.mjs'
import { goalsOfP3, summariseP3, tableOfP3 } from '../p3/report.mjs'
import { type Row, runP3 } from '../p3/run.mjs'

const row = (variant: string, round: number, more: Partial<Row>): Row => ({
  variant,
  round,
  sessions: 10_000,
  each: 12 * 1024,
  othersEach: 0,
  server: 200 * 2 ** 20,
  stood: 400 * 2 ** 20,
  others: 0,
  ...more,
})

test('B24 a session is compared with a bare connection of the same round, and its isolates are told apart', () => {
  const rows = [
    row('socket.io', 0, {}),
    row('tessera', 0, { each: 15 * 1024, othersEach: 7 * 1024, others: 500 * 2 ** 20 }),
    row('socket.io', 1, { each: 14 * 1024 }),
    row('tessera', 1, { each: 19 * 1024, othersEach: 7 * 1024, others: 500 * 2 ** 20 }),
  ]
  const lines = summariseP3(rows)
  expect(goalLineOf('P3', goalsOfP3(lines))).toBe(
    'goal P3: server RSS of a session <= socket.io + 4 KB: 4.00 KB more, met; server at 10,000 sessions <= 300 MB: 200 MB, met',
  )
  expect(tableOfP3(lines)).toContain(
    '| Tessera, as shipped | 17.0 (15.0-19.0) | 4.00 (3.00-5.00) | 200 (200-200) | 400 (400-400) | 7.00 (7.00-7.00) | 500 (500-500) |',
  )
  const fewer = summariseP3(rows.map((one) => ({ ...one, sessions: 100, each: null })))
  expect(goalsOfP3(fewer).map(({ met }) => met)).toEqual([null, null])
})

test.skipIf(!existsSync('/proc/self/status'))(
  'B24 memory is read while a crowd sits idle on each server, which has collected its garbage',
  { timeout: 120_000 },
  async () => {
    const peers = ['tessera', 'socket.io', 'ws']
    const rows = await runP3({ rounds: 1, sessions: 10, peers, settleMs: 10 }, () => undefined)
    expect(rows.map(({ variant }) => variant)).toEqual(peers)
    for (const { server, each } of rows) {
      expect(server).toBeGreaterThan(20 * 2 ** 20)
      expect(each).not.toBeNull()
    }
    expect(rows[0]?.others).toBeGreaterThan(0)
    expect(rows[1]?.others).toBe(0)
  },
)
