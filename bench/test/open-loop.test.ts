import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { CallBook } from '../lib/call-book.mjs'
import { Crew } from '../lib/crew.mjs'
import { openLoop } from '../lib/open-loop.mjs'

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0)) await step()
})

/** Time that only waiting moves: by a millisecond, or by more once, as on a machine that was busy elsewhere. */
const fakeTime = (stall: { at: number; ms: number } = { at: Number.POSITIVE_INFINITY, ms: 0 }) => {
  let now = 0
  let stalled = false
  return {
    now: () => now,
    wait: () => {
      now += 1
      if (now >= stall.at && !stalled) {
        stalled = true
        now += stall.ms
      }
      return Promise.resolve()
    },
  }
}

describe('an open loop', () => {
  test('B30 calls begin when they are due, whether or not those before were answered', async () => {
    const time = fakeTime()
    const begun: [number, number, number][] = []
    await openLoop({ calls: 5, perSecond: 200, begin: (number, due) => begun.push([number, due, time.now()]) }, time)
    expect(begun).toEqual([0, 1, 2, 3, 4].map((number) => [number, number * 5, number * 5]))
  })

  test('B30 a load that was late makes up for it, still counts from when calls were due, and says how late it was', async () => {
    const time = fakeTime({ at: 10, ms: 100 })
    const late: number[] = []
    const { latest } = await openLoop({ calls: 30, perSecond: 200, begin: (_number, due) => late.push(time.now() - due) }, time)
    expect(late.slice(0, 4)).toEqual([0, 0, 100, 95])
    expect(late.at(-1)).toBe(0)
    expect(latest).toBe(100)
  })

  test('B30 a loop that is over begins nothing more', async () => {
    let begun = 0
    const result = await openLoop({ calls: 100, perSecond: 1000, begin: () => void begun++, over: () => begun === 3 }, fakeTime())
    expect(result.begun).toBe(3)
  })

  test('B30 a server that stalls is seen in every call that was due meanwhile', { timeout: 20_000 }, async () => {
    let stall = Promise.resolve<unknown>(null)
    const server = createServer(async (request, response) => {
      const pieces: Buffer[] = []
      for await (const piece of request) pieces.push(piece as Buffer)
      await stall
      response.end(Buffer.concat(pieces))
    })
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    undo.push(
      () => server.closeAllConnections(),
      () => server.close(),
    )
    const crew = new Crew()
    crew.expect(100)
    await crew.connect({ kind: 'fastify', port: (server.address() as AddressInfo).port, count: 4 })
    stall = new Promise((end) => setTimeout(end, 300))
    const { from, to } = await crew.callFor({ seconds: 0.5, perSecond: 200 })
    await crew.settle(5000)
    const { calls, answered, p50, max } = crew.stretch(from, to)
    expect({ calls, answered }).toEqual({ calls: 100, answered: 100 })
    // Of a closed loop only one call on each connection would have taken long.
    expect(p50).toBeGreaterThan(30)
    expect(max).toBeGreaterThan(200)
  })
})

describe('the book of calls', () => {
  test('B31 a call that failed or was not answered is longer than any other', () => {
    const book = new CallBook(200)
    for (let number = 0; number < 98; number++) book.answer(number, number + 1)
    book.fail(98, 'CALL_INTERRUPTED')
    expect(book.stretch(0, 100)).toEqual({
      calls: 100,
      answered: 98,
      failed: 1,
      unanswered: 1,
      codes: { CALL_INTERRUPTED: 1 },
      p50: 50,
      p99: null,
      max: 98,
    })
    book.answer(99, 5)
    expect(book.stretch(0, 100)).toMatchObject({ p99: 98, unanswered: 0 })
    expect(book.stretch(100, 200)).toMatchObject({ calls: 100, unanswered: 100, p50: null, p99: null, max: null })
  })

  test('B31 failures are counted by their codes, in the stretch in which their calls were due', () => {
    const book = new CallBook(10)
    for (const [number, code] of ['A', 'B', 'A', 'B', 'A'].entries()) book.fail(number, code)
    expect(book.stretch(0, 3).codes).toEqual({ A: 2, B: 1 })
    expect(book.stretch(3, 10)).toMatchObject({ codes: { A: 1, B: 1 }, failed: 2, unanswered: 5 })
  })
})
