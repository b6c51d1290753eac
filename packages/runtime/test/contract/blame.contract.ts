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

  test('X29 a neighbour that ended before the loop began, in the same go, has its answer', async () => {
    const { engine } = room
    const good = engine.openSession('ENDS FIRST')
    const bad = await neighbourOf(good)
    const answered = engine.start(engine.process(good), 'hello', ['first']).outcome
    const looping = engine.start(engine.process(bad), 'loop', []).outcome
    expect(await answered).toMatchObject({ ok: true, value: expect.anything() })
    // Nobody waits for the isolate: it may loop for as long as that is so.
    const held = engine.start(engine.process(bad, 2), 'hello', ['x']).outcome
    const awaited = engine.start(engine.process(good), 'hello', ['second']).outcome
    expect(await looping).toMatchObject({ ok: false, error: { code: 'CALL_INTERRUPTED' } })
    expect(await Promise.all([held, awaited])).toMatchObject([{ ok: true }, { ok: true }])
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
