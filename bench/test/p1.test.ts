import { describe, expect, test } from 'vitest'
import { goalLineOf } from '../lib/goals.mjs'
import { checkEcho, makePayload } from '../p1/payload.mjs'
import { peers } from '../p1/peers.mjs'
import { goalsOf, summariseP1, tableOf } from '../p1/report.mjs'
import { runP1 } from '../p1/run.mjs'

const row = (variant: string, round: number, rate: number, cpu: number | null) => ({ variant, round, depth: 1, calls: 100, rate, cpu, p50: 1, p99: 2 })

describe('P1', () => {
  test('B22 a payload has 200 bytes, and an echo of another one is noticed', () => {
    const payload = makePayload(7)
    expect(Buffer.byteLength(JSON.stringify(payload))).toBe(200)
    expect(() => checkEcho(payload, JSON.parse(JSON.stringify(payload)))).not.toThrow()
    expect(() => checkEcho(payload, makePayload(8))).toThrow('came back as')
    expect(() => checkEcho(payload, null)).toThrow('came back as')
  })

  test('B23 each part of the goal is told met, missed or not measured', () => {
    const lines = summariseP1([row('socket.io', 0, 1000, 50), row('tessera', 0, 900, 75), row('fastify', 0, 800, 80)])
    expect(goalsOf(lines).map(({ met }) => met)).toEqual([false, true, true, true])
    expect(goalLineOf('P1', goalsOf(lines))).toContain('CPU <= 1.3x of socket.io: 1.50x, MISSED; rate >= 0.85x of socket.io: 0.90x, met')
    const unmeasured = summariseP1([row('socket.io', 0, 1000, null), row('tessera', 0, 900, null)])
    expect(goalsOf(unmeasured).map(({ met }) => met)).toEqual([null, true])
    expect(tableOf(unmeasured)).toContain('| Tessera, as shipped | 900 (900-900) | - | - | 0.90 (0.90-0.90) |')
  })

  for (const client of ['library', 'thin'] as const) {
    test(`B22 every peer echoes through the ${client} client, and is measured`, { timeout: 120_000 }, async () => {
      const names = client === 'thin' ? ['tessera', 'socket.io'] : Object.keys(peers)
      const rows = await runP1({ peers: names, rounds: 1, seconds: 0.3, connections: 4, depths: [1], client }, () => {})
      expect(rows.map(({ variant }) => variant)).toEqual(names)
      for (const { calls, p50, p99 } of rows) {
        expect(calls).toBeGreaterThan(0)
        expect(p99).toBeGreaterThanOrEqual(p50)
      }
    })
  }
})
