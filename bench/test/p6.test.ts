import { describe, expect, test } from 'vitest'
import { goalLineOf } from '../lib/goals.mjs'
import { changeOf, documentOf, lineOf, linesIn } from '../p6/document.mjs'
import { hasRedis } from '../p6/redis-server.mjs'
import { goalsOfP6, readBackTable, summariseP6, tableOfP6 } from '../p6/report.mjs'
import { type Row, runP6 } from '../p6/run.mjs'
import { stores } from '../p6/stores.mjs'
import { countLost, type Store, write } from '../p6/writers.mjs'

const row = (variant: string, rate: number, cell: Partial<Row> = {}): Row => ({
  variant,
  round: 0,
  bytes: 200,
  writers: 64,
  changes: 100,
  rate,
  cpu: 10,
  p50: 1,
  p99: 2,
  ...cell,
})

/** A store in this process, which forgets what it is told to. */
const startStore = (forgets: (change: number) => boolean): Store => {
  const lines = new Map<string, number>()
  return {
    seed: async () => undefined,
    change: async (session, line, change) => {
      await new Promise((resolve) => setImmediate(resolve))
      if (!forgets(change)) lines.set(`${session} ${line}`, change)
    },
    read: async (session, line) => lines.get(`${session} ${line}`) ?? null,
    close: () => undefined,
  }
}

describe('P6', () => {
  test('B22 a line has 200 bytes whatever changed it, and a document as many as it should', () => {
    expect(Buffer.byteLength(JSON.stringify(lineOf(0)))).toBe(200)
    expect(Buffer.byteLength(JSON.stringify(lineOf(123_456_789)))).toBe(200)
    expect(Object.keys(documentOf(10_000))).toHaveLength(50)
    expect(linesIn(200)).toBe(1)
    expect(changeOf(lineOf(77))).toBe(77)
    expect(changeOf(undefined)).toBeNull()
  })

  test('B26 every line of every document is written, and one that is gone is found', async () => {
    const options = { sessions: 5, lines: 3, writers: 2, seconds: 0.2, first: 0 }
    const careful = startStore(() => false)
    const { acknowledged, changes } = await write(careful, options)
    expect(changes).toBeGreaterThan(15)
    expect(acknowledged.flat().every((change) => change >= 0)).toBe(true)
    expect(await countLost(careful, acknowledged)).toEqual({ lost: 0, lines: 15 })
    const last = Math.max(...acknowledged.flat())
    const careless = startStore((change) => change === last)
    for (const [session, lines] of acknowledged.entries()) for (const [line, change] of lines.entries()) await careless.change(session, line, change)
    expect(await countLost(careless, acknowledged)).toEqual({ lost: 1, lines: 15 })
  })

  test('B26 who lost what it acknowledged is not measured', () => {
    const lines = summariseP6([row('redis-everysec', 1000), row('redis-always', 500), row('tessera', 1200)])
    const kept = { variant: 'tessera', bytes: 200, lines: 500, lost: 0, disk: 1 }
    expect(goalsOfP6(lines, [kept]).map(({ met }) => met)).toEqual([null, null, true, true, null])
    expect(goalLineOf('P6', goalsOfP6(lines, [kept]))).toContain('200 B, 64 writing: >= 1.8x redis-always: 2.40x, met')
    expect(goalsOfP6(lines, [{ ...kept, lost: 500 }]).map(({ met, why }) => [met, why])).toEqual(Array(5).fill([null, 'sessions do not survive a restart']))
    expect(goalsOfP6(lines, [{ ...kept, lost: 2 }])[2]).toMatchObject({ met: null, why: '2 of 500 acknowledged lines were gone' })
    expect(tableOfP6(lines, [{ ...kept, lost: 2 }])).toContain('| Tessera, engine and journal as shipped (NOT KEPT) | 1,200')
    expect(tableOfP6(lines, [kept])).toContain(
      '| 200 B, 64 | Tessera, engine and journal as shipped | 1,200 (1,200-1,200) | 10.0 (10.0-10.0) | 1.20 (1.20-1.20) | 2.40 (2.40-2.40) | 1.00 / 2.00 |',
    )
  })

  test('B26 each store is written to, killed, started again and asked for what it acknowledged', { timeout: 120_000 }, async () => {
    const peers = Object.keys(stores)
    const result = await runP6({ rounds: 1, seconds: 0.2, peers, cells: [{ bytes: 400, writers: 4 }], documents: 8 }, () => undefined)
    const measured = peers.filter((name) => hasRedis() || !name.startsWith('redis'))
    expect(result.rows.map(({ variant }) => variant)).toEqual(measured)
    expect(result.absent).toEqual(peers.filter((name) => !measured.includes(name)))
    const lostOf = (name: string) => result.readBacks.find(({ variant }) => variant === name)?.lost
    expect(lostOf('sqlite')).toBe(0)
    expect(lostOf('memory')).toBe(result.readBacks.find(({ variant }) => variant === 'memory')?.lines)
    if (hasRedis()) expect(lostOf('redis-always')).toBe(0)
    expect(readBackTable(result)).toContain('| SQLite store, synchronous FULL, whole document | 400 B | power cut |')
  })
})
