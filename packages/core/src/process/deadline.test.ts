import { encodeStorable } from '@tessera/protocol'
import { describe, expect, test } from 'vitest'
import type { Scope } from '../testing/index.ts'
import { createGate, startTestEngine, type TestEngine, type TestProject } from '../testing/index.ts'

const never = (): Promise<void> => createGate().passed

const project = (execution: TestProject['execution'] = {}): TestProject => ({
  methods: { slow: never, hurried: { run: never, deadlineMs: 300 }, fast: () => 'fast' },
  execution: execution ?? {},
})

/** After how many milliseconds the call ends, to the hundred. */
const endsAfter = async (engine: TestEngine, call: Promise<unknown>): Promise<number> => {
  const from = engine.clock.now()
  let error: unknown = null
  call.catch((reason: unknown) => {
    error = reason
  })
  for (let step = 0; step < 20 && error === null; step++) await engine.clock.advance(100)
  expect(error).toMatchObject({ code: 'DEADLINE_EXCEEDED', retryable: false })
  return engine.clock.now() - from
}

describe('deadlines', () => {
  test("P20 the call's own counts, else its method's, else the project's; no call lengthens its method's", async () => {
    const engine = await startTestEngine({ project: project({ deadlineMs: 700 }) })
    const ana = await engine.connect()
    expect(await endsAfter(engine, ana.call('slow'))).toBe(700)
    expect(await endsAfter(engine, ana.call('hurried'))).toBe(300)
    expect(await endsAfter(engine, ana.callWith({ deadlineMs: 1000 }, 'slow'))).toBe(1000)
    expect(await endsAfter(engine, ana.callWith({ deadlineMs: 200 }, 'hurried'))).toBe(200)
    expect(await endsAfter(engine, ana.callWith({ deadlineMs: 1000 }, 'hurried'))).toBe(300)
  })

  test('P21 it counts from when the server has the call, waiting included; who waits then never begins, and the others keep their order', async () => {
    const gate = createGate()
    const begun: unknown[] = []
    const hold = async (_scope: Scope, name: unknown): Promise<unknown> => {
      begun.push(name)
      await gate.passed
      return name
    }
    const engine = await startTestEngine({ project: { methods: { hold } } })
    const ana = await engine.connect()
    const [first, late, last] = [ana.call('hold', 1), ana.callWith({ deadlineMs: 500 }, 'hold', 2), ana.call('hold', 3)]
    expect(await endsAfter(engine, late)).toBe(500)
    expect(ana.row.processList[0]).toMatchObject({ queued: 1 })
    gate.open()
    expect(await Promise.all([first, last])).toEqual([1, 3])
    expect(begun).toEqual([1, 3])
  })

  test('P21 at the deadline the signal aborts with that reason, the caller hears at once, and the turn is free', async () => {
    const signals: Scope['signal'][] = []
    const stuck = (scope: Scope): Promise<void> => {
      signals.push(scope.signal)
      return never()
    }
    const engine = await startTestEngine({ project: { methods: { stuck, fast: () => 'fast' } } })
    const ana = await engine.connect()
    const [call, next] = [ana.callWith({ deadlineMs: 1000 }, 'stuck'), ana.call('fast')]
    await engine.clock.advance(999)
    expect(signals[0]?.aborted).toBe(false)
    const refused = expect(call).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED', message: expect.stringContaining('1,000 ms') })
    await engine.clock.advance(1)
    await refused
    expect(signals[0]).toMatchObject({ aborted: true, reason: expect.stringContaining('deadline of 1,000 ms') })
    expect(await next).toBe('fast')
    expect(ana.row).toMatchObject({ calls: 2, errors: 1 })
  })

  test('P21 a call that waits for its session to move hears of its deadline all the same, and never runs', async () => {
    const gate = createGate()
    const engine = await startTestEngine({ project: { methods: { hold: () => gate.passed, mark: () => 'first' } } })
    const ana = await engine.connect()
    const running = ana.call('hold')
    const { version } = await engine.publish({ methods: { hold: () => gate.passed, mark: () => 'second' } })
    const moving = ana.move(version.id)
    await engine.settle()
    expect(await endsAfter(engine, ana.callWith({ deadlineMs: 400 }, 'mark'))).toBe(400)
    gate.open()
    await Promise.all([running, moving])
    expect(engine.host.calls.map(({ target }) => target.name)).toEqual(['hold'])
  })

  test('P23 a call that was stopped while its session moved takes no place in the queue of its process', async () => {
    const gate = createGate()
    const engine = await startTestEngine({ project: { methods: { hold: () => gate.passed, hang: never } } })
    const ana = await engine.connect()
    const running = ana.call('hold')
    const { version } = await engine.publish({ methods: { hold: () => gate.passed, hang: never, mark: () => null } })
    const moving = ana.move(version.id)
    await engine.settle()
    const hung = ana.call('hang').catch(() => undefined)
    await endsAfter(engine, ana.callWith({ deadlineMs: 400 }, 'mark'))
    gate.open()
    await Promise.all([running, moving])
    await engine.settle()
    expect(ana.row.processList[0]).toMatchObject({ state: 'executing', method: 'hang', queued: 0 })
    await engine.operator.disconnect(ana)
    await hung
  })

  test('P22 a deadline that is none is refused at once, and nothing begins', async () => {
    const engine = await startTestEngine({ project: project() })
    const ana = await engine.connect()
    for (const deadlineMs of [0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 86_400_001]) {
      await expect(ana.callWith({ deadlineMs, key: 'k' }, 'fast')).rejects.toMatchObject({ code: 'DEADLINE_INVALID' })
    }
    expect(engine.host.calls).toEqual([])
    expect(await ana.callWith({ deadlineMs: 86_400_000, key: 'k' }, 'fast')).toBe('fast')
  })

  test('P22 a call without a deadline has no timer, and one that ends in time leaves none', async () => {
    const engine = await startTestEngine({ project: project() })
    const ana = await engine.connect()
    const before = engine.clock.pending
    void ana.call('slow').catch(() => undefined)
    await engine.settle()
    expect(engine.clock.pending).toBe(before)
    const second = await ana.process('second')
    expect(await ana.callWith({ process: second.number, deadlineMs: 1000 }, 'fast')).toBe('fast')
    expect(engine.clock.pending).toBe(before)
  })

  test("P32 calls of browsers have their method's deadline, or the project's; then their turn is free", async () => {
    const engine = await startTestEngine({
      project: {
        methods: { slow: { run: never, exposed: true }, hurried: { run: never, exposed: true, deadlineMs: 300 }, fast: { run: () => 'fast', exposed: true } },
        execution: { deadlineMs: 600 },
      },
    })
    const open = await engine.engine.dispatch('web.open', { address: '10.0.0.9', userAgent: 'test' }, { kind: 'edge', address: '10.0.0.9' })
    const ask = (method: string) =>
      engine.engine.dispatch('web.call', { token: open.token, method, args: encodeStorable([]) }, { kind: 'edge', address: '10.0.0.9' })
    expect(await endsAfter(engine, ask('hurried'))).toBe(300)
    expect(await endsAfter(engine, ask('slow'))).toBe(600)
    expect(await ask('fast')).toMatchObject({ value: '"fast"' })
  })
})
