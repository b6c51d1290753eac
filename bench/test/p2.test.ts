import { existsSync } from 'node:fs'
import type { IsolateRow, ProcessRow } from '@tessera/protocol'
import { describe, expect, test } from 'vitest'
import { goalLineOf } from '../lib/goals.mjs'
import { namingOf } from '../p2/culprit.mjs'
import { faultMethods, faults } from '../p2/faults.mjs'
import { goalsOfP2, summariseP2, tableOfP2 } from '../p2/report.mjs'
import { type Row, runP2 } from '../p2/run.mjs'

const stretch = (p99: number | null, more: Partial<Row['during']> = {}): Row['during'] => ({
  calls: 1000,
  answered: 1000,
  failed: 0,
  unanswered: 0,
  codes: {},
  p50: 1,
  p99,
  max: p99,
  ...more,
})

const row = (variant: string, round: number, more: Partial<Row>): Row => ({
  variant,
  fault: 'loop',
  round,
  before: stretch(4),
  during: stretch(6),
  after: stretch(4),
  lost: 0,
  stopped: false,
  culprit: 'CALL_INTERRUPTED',
  named: { how: 'quarantined for loop', afterMs: 1500 },
  loadLate: 2,
  ...more,
})

const stopped: Partial<Row> = {
  during: stretch(null, { answered: 0, unanswered: 1000, p50: null }),
  after: null,
  stopped: true,
  culprit: 'never answered',
  named: null,
}

describe('P2', () => {
  test('B32 others are compared with themselves before the fault, in the same run, and a peer that stops is told to have stopped', () => {
    const rows = [row('tessera', 0, {}), row('socket.io', 0, stopped), row('tessera', 1, { before: stretch(2), during: stretch(5) })]
    const lines = summariseP2(rows)
    expect(goalLineOf('P2', goalsOfP2(lines))).toBe(
      "goal P2: for (;;): others' p99 <= 2x undisturbed: 2.00x, met; nobody else loses a connection: 0.00 lost, met; the culprit is named in 2 of 2, met",
    )
    expect(tableOfP2(lines)).toContain(
      '| socket.io, handler in-process | 4.00 (4.00-4.00) | never (never-never) | stopped: 1,000 calls never answered | never (never-never) | 0 | 1,000 | 0 | its call: never answered |',
    )
  })

  test('B32 Tessera misses the goal where others are not answered, lose a connection, or nobody is named', () => {
    const lines = summariseP2([row('tessera', 0, { ...stopped, lost: 3 })])
    expect(goalsOfP2(lines).map(({ met }) => met)).toEqual([false, false, false])
    const interrupted = stretch(6, { answered: 995, failed: 5, codes: { CALL_INTERRUPTED: 5 } })
    expect(tableOfP2(summariseP2([row('tessera', 0, { during: interrupted })]))).toContain('| 5 (CALL_INTERRUPTED) |')
  })

  test('B33 a culprit is named where the console tells of its session, not of another one', () => {
    const isolate: IsolateRow = {
      id: 'a/1',
      version: null,
      pid: 1,
      state: 'ready',
      host: 'process',
      sessions: 1,
      callsRunning: 0,
      busy: null,
      rssBytes: null,
      heapBytes: null,
      quarantined: { sessionId: 'bad', method: 'loop', since: '', why: '' },
      stuckIn: { sessionId: 'slow', processId: 'p', method: 'loop', sinceMs: 900 },
    }
    const process = { sessionId: 'clumsy', errors: 1 } as ProcessRow
    const shown = { isolates: [isolate], processes: [process] }
    expect(namingOf(shown, 'bad')?.how).toBe('quarantined for loop')
    expect(namingOf(shown, 'slow')?.how).toBe('stuck in loop')
    expect(namingOf(shown, 'clumsy')?.how).toBe('1 failed call at its process')
    expect(namingOf(shown, 'good')).toBeNull()
  })

  test('B34 Tessera and its peers run the same text of a fault', () => {
    expect(Object.keys(faultMethods)).toEqual(Object.keys(faults))
    for (const [name, { run }] of Object.entries(faults)) expect(faultMethods[name]).toContain(run.toString())
  })

  test.skipIf(!existsSync('/proc/self/status'))(
    'B32 a fault ends a bare server, and no other client of Tessera loses its connection',
    { timeout: 120_000 },
    async () => {
      const peers = ['tessera', 'socket.io']
      const rows = await runP2({ rounds: 1, peers, faults: ['exit'], callers: 6, rate: 10, seconds: 1, aroundSeconds: 0.3 }, () => undefined)
      expect(rows.map(({ variant }) => variant)).toEqual(peers)
      const [tessera, ...others] = rows
      expect(tessera).toMatchObject({ lost: 0, stopped: false, before: { unanswered: 0 }, during: { calls: 60, unanswered: 0 } })
      expect(tessera?.named).not.toBeNull()
      for (const { variant, before, during, lost, culprit } of others)
        expect({ variant, before, during, lost, culprit }).toMatchObject({
          before: { answered: 18 },
          during: { calls: 60 },
          lost: 6,
          culprit: 'connection lost',
        })
    },
  )
})
