import { asDigest, type IsolateHost, type SessionId, usualExecution } from '@tessera/core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createIsolatePool } from '../src/process-pool.ts'
import { eventually, recordingLogger } from './contract/contract-room.ts'
import { type FixtureHalf, serveEntry, withKit, writeHalf } from './fixture-half.ts'
import { TinyEngine } from './tiny-engine.ts'

const methods = {
  'methods/hello': withKit('\nexport default onServer((name) => "Hello, " + name)\n'),
  'methods/pid': withKit('\nexport default onServer(() => process.pid)\n'),
  'methods/slow': withKit('\nexport default onServer((ms) => new Promise((resolve) => setTimeout(resolve, ms, "slept")))\n'),
  'methods/loop': withKit('\nexport default onServer(() => { for (;;) {} })\n'),
  'methods/loopLater': withKit(
    '\nexport default onServer(async (ms) => { await new Promise((resolve) => setTimeout(resolve, ms)); await null; for (;;) {} })\n',
  ),
  'methods/compute': withKit(`
export default onServer((ms) => {
  const used = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000 }
  for (const before = used(); used() - before < ms; ) {}
  return 'computed'
})
`),
  'methods/hog': withKit('\nexport default onServer(() => { const all = []; for (;;) all.push({ n: all.length, text: "text " + all.length }) })\n'),
  'methods/never': withKit('\nexport default onServer(() => new Promise(() => {}))\n'),
  'methods/askAfter': withKit(`
export default onServer(async () => {
  await new Promise((resolve) => currentProcess().signal.onAbort(() => setTimeout(resolve, 20)))
  await session().storage.use((draft) => { draft.late = true }).catch((error) => console.error('refused: ' + error.code))
})
`),
}

/** Whatever a call ends in is a result or one of these. */
const endings = ['CALL_INTERRUPTED', 'CALL_NOT_STARTED', 'CALL_CANCELLED']

describe('isolates that nobody can take down', () => {
  const lines: { level: string; message: string; fields: unknown }[] = []
  let half: FixtureHalf
  let host: IsolateHost
  let engine: TinyEngine

  beforeAll(async () => {
    half = await writeHalf(methods)
    host = createIsolatePool({
      logger: recordingLogger(lines),
      entry: serveEntry,
      size: 1,
      heapMb: 64,
      spareAfterMs: 0,
      backOff: { firstMs: 20, maxMs: 100, healthyMs: 50 },
      limits: { blockedMs: 400, longestBlockedMs: 5_000 },
      quietMs: 500,
    })
    engine = new TinyEngine(host, asDigest('deadbeef'))
    await host.openVersion({ digest: engine.digest, directory: half.directory, execution: usualExecution })
  }, 30_000)

  beforeEach(() => ready(), 30_000)

  afterAll(async () => {
    await host.stop()
    await half.remove()
  })

  /** One for sessions, one to spare, none in quarantine. */
  const ready = () => eventually(() => host.isolates().length === 2 && host.isolates().every(({ state }) => state === 'ready'), 20_000)
  const open = (...names: string[]): SessionId[] => names.map((name) => engine.openSession(name))
  const codeOf = async (outcome: ReturnType<TinyEngine['start']>['outcome']): Promise<string> => {
    const ended = await outcome
    return ended.ok ? 'ok' : ended.error.code
  }

  test('X26 what waited behind a loop and had not begun is run elsewhere, and nobody hears of it', async () => {
    const [bad, ...others] = open('BEGINS', 'WAITS1', 'WAITS2', 'WAITS3')
    if (bad === undefined) throw new Error('no session')
    const looping = engine.start(engine.process(bad), 'loop')
    const waiting = others.map((id) => engine.start(engine.process(id), 'hello', [id]).outcome)
    expect(await codeOf(looping.outcome)).toBe('CALL_INTERRUPTED')
    expect(await Promise.all(waiting)).toMatchObject(others.map((id) => ({ ok: true, value: `"Hello, ${id}"` })))
  })

  test('X22 who has nothing running in a blocked isolate moves at once, and an honest computation ends well', async () => {
    const [busy, idle] = open('BUSY', 'IDLE')
    if (busy === undefined || idle === undefined) throw new Error('no sessions')
    const pid = await engine.call(engine.process(idle), 'pid')
    expect(await engine.call(engine.process(busy), 'pid')).toBe(pid)
    const computing = engine.start(engine.process(busy), 'compute', [800])
    await eventually(() => engine.blocked.at(-1)?.call?.sessionId === busy)
    expect(host.isolates().find((isolate) => isolate.pid === pid)).toMatchObject({ state: 'blocked', stuckIn: { sessionId: busy, method: 'compute' } })
    expect(await engine.call(engine.process(idle), 'pid')).not.toBe(pid)
    expect(await computing.outcome).toMatchObject({ ok: true, value: '"computed"' })
    expect(engine.quarantined.at(-1)).toMatchObject({ sessionId: busy, method: 'compute' })
  })

  test('X23 a session in quarantine has an isolate of its own until it was quiet for a while', async () => {
    const [bad, good] = open('QUARANTINED', 'FREE')
    if (bad === undefined || good === undefined) throw new Error('no sessions')
    engine.start(engine.process(bad), 'compute', [800])
    await eventually(() => engine.quarantined.at(-1)?.sessionId === bad)
    const own = await engine.call(engine.process(bad), 'pid')
    expect(host.isolates().find(({ pid }) => pid === own)?.quarantined).toMatchObject({ sessionId: bad, method: 'compute' })
    expect(await engine.call(engine.process(good), 'pid')).not.toBe(own)
    await eventually(() => engine.released.includes(bad))
    await eventually(() => !host.isolates().some(({ pid, quarantined }) => pid === own && quarantined !== null))
    expect(await engine.call(engine.process(bad), 'hello', 'shared')).toBe('Hello, shared')
  })

  test('X25 an abort ends a loop with its isolate, and lets anything else go', async () => {
    const [looper, waiter, queued] = open('LOOPER', 'WAITER', 'QUEUED')
    if (looper === undefined || waiter === undefined || queued === undefined) throw new Error('no sessions')
    const never = engine.start(engine.process(waiter), 'never')
    expect(await host.abort(never.call, 'enough')).toBe('yielded')
    expect(await never.outcome).toMatchObject({ ok: false, error: { code: 'CALL_CANCELLED', message: 'enough' } })
    expect(await host.abort(never.call, 'again')).toBe('gone')
    expect(host.isolates().reduce((sum, { callsRunning }) => sum + callsRunning, 0)).toBe(0)
    const looping = engine.start(engine.process(looper), 'loop')
    const behind = engine.start(engine.process(queued), 'hello', ['x']).outcome
    await eventually(() => host.isolates().some(({ stuckIn }) => stuckIn?.sessionId === looper))
    const startedAt = performance.now()
    expect(await host.abort(looping.call, 'stop it')).toBe('killed')
    expect(performance.now() - startedAt).toBeLessThan(1_000)
    expect(await codeOf(looping.outcome)).toBe('CALL_CANCELLED')
    expect(await behind).toMatchObject({ ok: true, value: '"Hello, x"' })
  })

  test('X25 what an aborted or cancelled call asks afterwards is refused', async () => {
    const [id] = open('ASKS')
    if (id === undefined) throw new Error('no session')
    for (const end of ['abort', 'cancel'] as const) {
      const { call } = engine.start(engine.process(id), 'askAfter')
      await engine.call(engine.process(id, 2), 'hello', 'begun')
      lines.length = 0
      void host[end](call, 'no more')
      await eventually(() => lines.some(({ message }) => message === 'askAfter: refused: CALL_CANCELLED'))
    }
    expect(engine.slots(id)).toEqual({})
  })

  test('X21 in twenty random rounds of loops, hogs, computations and aborts every call ends, in a result or a typed error', async () => {
    const names = ['hello', 'hello', 'slow', 'loop', 'loopLater', 'hog', 'compute', 'never'] as const
    const args = { hello: ['x'], slow: [20], loop: [], loopLater: [10], hog: [], compute: [150], never: [] }
    let seed = 20_261_124
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
      return Math.floor((seed / 2 ** 31) * below)
    }
    const ended = new Map<string, number>()
    for (let round = 0; round < 20; round++) {
      const started = Array.from({ length: 6 }, (_, n) => {
        const method = names[random(round % 5 === 4 ? names.length : 3)] ?? 'hello'
        return { method, ...engine.start(engine.process(engine.openSession(`ROUND ${round} ${n}`)), method, args[method]) }
      })
      for (const { method, call } of started) if (method === 'never' || random(8) === 0) setTimeout(() => void host.abort(call, 'random'), random(200))
      for (const code of await Promise.all(started.map(({ outcome }) => codeOf(outcome)))) ended.set(code, (ended.get(code) ?? 0) + 1)
    }
    expect([...ended.keys()].filter((code) => code !== 'ok' && !endings.includes(code))).toEqual([])
    expect([...ended.values()].reduce((sum, count) => sum + count, 0)).toBe(120)
  }, 60_000)
})
