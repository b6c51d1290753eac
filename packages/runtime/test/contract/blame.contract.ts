import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SessionId } from '@tessera/core'
import { expect, test } from 'vitest'
import type { ContractRoom } from './contract-room.ts'

/** Who is named where an isolate does not answer, and who pays for it: where isolates are apart from the server. */
export const blameContract = (room: ContractRoom): void => {
  /** A session of the same isolate. */
  const neighbourOf = async (id: SessionId): Promise<SessionId> => {
    const { engine } = room
    const { isolate } = await engine.start(engine.process(id), 'hello', ['x']).outcome
    for (let n = 0; n < 20; n++) {
      const other = engine.openSession(`${id} NEIGHBOUR ${n}`)
      if ((await engine.start(engine.process(other), 'hello', ['x']).outcome).isolate === isolate) return other
    }
    throw new Error('Nobody came to the isolate.')
  }

  test.each(['loop', 'loopLater', 'microLoop'])('X20 a %s names its own session, whoever enters meanwhile, and ends alone', async (method) => {
    const { engine, host } = room
    const bad = engine.openSession(`BAD ${method}`)
    const good = await neighbourOf(bad)
    const waiting = engine.start(engine.process(good), 'slow', [30_000])
    await engine.call(engine.process(good, 2), 'hello', 'the slow one has begun')
    const looping = engine.start(engine.process(bad), method, [60])
    let entered = 0
    const entering: Promise<unknown>[] = []
    const enter = setInterval(() => {
      const process = engine.process(engine.openSession(`ENTERS ${method} ${++entered}`))
      entering.push(engine.call(process, 'hello', 'x'))
    }, 5)
    expect(await looping.outcome).toMatchObject({ ok: false, error: { code: 'CALL_INTERRUPTED' } })
    clearInterval(enter)
    expect(await waiting.outcome).toMatchObject({ ok: false, error: { code: 'CALL_INTERRUPTED' } })
    expect(engine.blocked.at(-1)).toMatchObject({ call: { sessionId: bad, method } })
    expect(engine.quarantined.at(-1)).toMatchObject({ sessionId: bad, method })
    expect(new Set(await Promise.all(entering))).toEqual(new Set(['Hello, x']))
    expect(await engine.call(engine.process(good), 'hello', 'again')).toBe('Hello, again')
    const [own, shared] = await Promise.all([bad, good].map((id) => engine.start(engine.process(id), 'hello', ['x']).outcome))
    expect(own?.isolate).not.toBe(shared?.isolate)
    expect(host.isolates().find(({ id }) => id === own?.isolate)?.quarantined).toMatchObject({ sessionId: bad, method })
  })

  test('X30 what waits behind a long computation is run elsewhere at once, and once', async () => {
    const { engine, host } = room
    const file = join(room.half.directory, `tally-${randomUUID()}`)
    const bad = engine.openSession('COMPUTES')
    const place = (await engine.start(engine.process(bad), 'hello', ['x']).outcome).isolate
    const sessions = Array.from({ length: 8 }, (_none, n) => engine.openSession(`BEHIND ${n}`))
    const seats = await Promise.all(sessions.map(async (id) => (await engine.start(engine.process(id), 'hello', ['x']).outcome).isolate))
    expect(seats).toContain(place)
    let isDone = false
    const computing = engine.start(engine.process(bad), 'spin', [900]).outcome.finally(() => {
      isDone = true
    })
    const tallies = await Promise.all(sessions.map((id) => engine.start(engine.process(id), 'tally', [file, id]).outcome))
    expect(isDone).toBe(false)
    expect(tallies.filter(({ ok, isolate }) => !ok || isolate === place)).toEqual([])
    expect(await computing).toMatchObject({ ok: true, isolate: place })
    await engine.call(engine.process(bad), 'hello', 'whatever it would begin has begun')
    expect((await readFile(file, 'utf8')).trim().split('\n').sort()).toEqual([...sessions].sort())
    expect(host.isolates().every(({ state }) => state !== 'blocked')).toBe(true)
  })

  test('X30 whoever blocks and whenever, each call is run once', async () => {
    const { engine } = room
    const file = join(room.half.directory, `tally-${randomUUID()}`)
    const until = performance.now() + 3_000
    const spinAgain = async (n: number): Promise<void> => {
      const process = engine.process(engine.openSession(`SPINS ${n}`))
      while (performance.now() < until) await engine.call(process, 'spin', 120 + ((n * 89) % 230))
    }
    const asked: string[] = []
    const tallyAgain = async (n: number): Promise<void> => {
      const process = engine.process(engine.openSession(`TALLIES ${n}`))
      while (performance.now() < until) {
        const line = `${n}-${asked.length}`
        asked.push(line)
        await engine.call(process, 'tally', file, line)
      }
    }
    await Promise.all([...Array.from({ length: 3 }, (_none, n) => spinAgain(n)), ...Array.from({ length: 12 }, (_none, n) => tallyAgain(n))])
    expect((await readFile(file, 'utf8')).trim().split('\n').sort()).toEqual(asked.sort())
    expect(asked.length).toBeGreaterThan(24)
  })

  test('X29 a neighbour that ended before the loop began, in the same go, has its answer', async () => {
    const { engine, host } = room
    const good = engine.openSession('ENDS FIRST')
    const bad = await neighbourOf(good)
    const answered = engine.start(engine.process(good), 'hello', ['first']).outcome
    const looping = engine.start(engine.process(bad), 'loop', [])
    expect(await answered).toMatchObject({ ok: true, value: expect.anything() })
    // Nobody waits for the isolate: it may loop for as long as that is so.
    expect(await engine.call(engine.process(good), 'hello', 'second')).toBe('Hello, second')
    expect(await host.abort(looping.call, 'enough')).toBe('killed')
    expect(await looping.outcome).toMatchObject({ ok: false, error: { code: 'CALL_CANCELLED' } })
  })

  test('X20 the CPU time is told of the process that used it', async () => {
    const { engine, host } = room
    const busy = engine.openSession('USES')
    const rests = await neighbourOf(busy)
    for (let n = 0; n < 6; n++) await engine.call(engine.process(busy), 'spin', 100)
    await expect.poll(() => host.cpu().get(engine.process(busy).id)?.cpuMs ?? 0, { timeout: 5_000 }).toBeGreaterThan(100)
    expect(host.cpu().get(engine.process(rests).id)?.cpuMs ?? 0).toBeLessThan(50)
    const used = host.isolates().find(({ busy }) => (busy ?? 0) > 0)
    expect(used?.heapBytes).toBeGreaterThan(0)
    expect(used?.rssBytes === null).toBe(room.shownAs === 'thread')
  })
}
