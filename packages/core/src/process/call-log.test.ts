import { encodeStorable, limits } from '@tessera/protocol'
import { describe, expect, test } from 'vitest'
import { createGate, startTestEngine, type TestClient, type TestEngine, type TestProject } from '../testing/index.ts'
import type { CallsWanted } from './call-log.ts'

const methods: TestProject['methods'] = {
  echo: (_scope, value) => value,
  fail: () => {
    throw new RangeError(`too far${'!'.repeat(1000)}`)
  },
  hang: () => new Promise(() => undefined),
  closed: { run: () => null, groups: ['Nobody'] },
}

const start = (callLog: TestProject['callLog'] = {}, more: TestProject = {}) => startTestEngine({ project: { methods, callLog, ...more } })
const calls = (engine: TestEngine, wanted: Partial<CallsWanted> = {}) =>
  engine.reads.calls({ slow: false, session: null, after: 0, limit: limits.callLog, ...wanted })

/** Somebody whom the server knows by name. */
const connectAs = async (engine: TestEngine, name: string): Promise<TestClient> => {
  const password = 'a password'
  await engine.operator.dispatch('directory.setPassword', { name: 'Designer', password: 'a password of 15 letters' })
  await engine.operator.dispatch('directory.addUser', { name, password, groups: [] })
  return engine.connect(name, { password })
}

describe('the log of calls', () => {
  test('P60 each call that ended is in it, newest first, with whose it was, where it ran and what came of it', async () => {
    const engine = await start()
    const ana = await connectAs(engine, 'ana')
    await ana.call('echo', 'twelve bytes')
    await engine.clock.advance(5)
    await ana.call('fail').catch(() => undefined)
    const [failed, echoed] = calls(engine)
    expect(echoed).toMatchObject({
      number: 1,
      sessionId: ana.id,
      userName: 'ana',
      processId: ana.welcome.mainProcess.id,
      process: 'main',
      method: 'echo',
      version: ana.welcome.version.id,
      isolate: engine.reads.isolates()[0]?.id,
      at: '2026-01-05T08:00:00.000Z',
      ok: true,
      code: null,
      message: null,
      argumentBytes: 16,
      resultBytes: 14,
      arguments: null,
    })
    expect(echoed?.request).toBe(engine.host.calls[0]?.call)
    expect(failed).toMatchObject({ number: 2, method: 'fail', at: '2026-01-05T08:00:00.005Z', ok: false, code: 'METHOD_ERROR', resultBytes: 0 })
    expect(failed?.message).toHaveLength(500)
  })

  test('P60 calls that were cancelled, refused or never had their turn are in it too', async () => {
    const engine = await start()
    const ana = await connectAs(engine, 'ana')
    await ana.call('closed').catch(() => undefined)
    await ana.call('gone').catch(() => undefined)
    const hung = ana.call('hang').catch(() => undefined)
    const waiting = ana.call('echo').catch(() => undefined)
    await engine.settle()
    await engine.clock.advance(40)
    await engine.operator.disconnect(ana)
    await Promise.all([hung, waiting])
    const bySome = Object.fromEntries(calls(engine).map((row) => [row.method, row]))
    expect(bySome['closed']).toMatchObject({ code: 'NOT_ALLOWED', isolate: null })
    expect(bySome['gone']).toMatchObject({ ok: false, code: 'METHOD_NOT_FOUND', isolate: null, argumentBytes: 2 })
    expect(bySome['hang']).toMatchObject({ code: 'CALL_CANCELLED', durationMs: 40, split: { queueMs: 0, runMs: null } })
    expect(bySome['echo']).toMatchObject({ code: 'SESSION_ENDED', request: '', split: { queueMs: 40, hopMs: null, runMs: null } })
    expect(engine.heard('call.refused').map(({ method }) => method)).toEqual(['closed', 'gone', 'echo'])
  })

  test('P60 what is refused before it reaches a process is in it; what is one call too many is not', async () => {
    const engine = await start()
    const ana = await engine.connect()
    const refused = (call: Promise<unknown>): Promise<string> => call.then(String, (error: { code: string }) => error.code)
    const waiting = Array.from({ length: limits.waitingCalls }, () => refused(ana.call('hang')))
    expect(await refused(ana.call('echo'))).toBe('TOO_MANY_CALLS')
    await engine.operator.disconnect(ana)
    await Promise.all(waiting)
    const bob = await engine.connect('bob')
    expect(await refused(bob.call('none'))).toBe('METHOD_NOT_FOUND')
    expect(await refused(bob.callWith({ deadlineMs: 0 }, 'echo'))).toBe('DEADLINE_INVALID')
    expect(await refused(bob.call('echo', 'x'.repeat(2_000_000)))).toBe('PAYLOAD_TOO_LARGE')
    const rows = calls(engine, { session: bob.id }).filter(({ code }) => code !== null)
    expect(rows.map(({ method, code }) => [method, code])).toEqual([
      ['echo', 'PAYLOAD_TOO_LARGE'],
      ['echo', 'DEADLINE_INVALID'],
      ['none', 'METHOD_NOT_FOUND'],
    ])
    expect(rows[0]).toMatchObject({ isolate: null, sessionId: bob.id, argumentBytes: 2_000_004 })
    expect(calls(engine).some(({ code }) => code === 'TOO_MANY_CALLS')).toBe(false)
  })

  test('P61 it keeps so many recent calls and as many slow ones, and what is read narrows by session, number and amount', async () => {
    const gate = createGate()
    const engine = await start({ slowMs: 100 }, { methods: { ...methods, slow: () => gate.passed } })
    const [ana, bob] = [await engine.connect('ana'), await engine.connect('bob')]
    const slow = ana.call('slow')
    await engine.settle()
    await engine.clock.advance(100)
    gate.open()
    await slow
    await bob.call('echo', 1)
    for (let index = 0; index < limits.callLog; index++) await ana.call('echo', index)
    const kept = calls(engine)
    expect(kept.map(({ number }) => number)).toEqual(Array.from({ length: limits.callLog }, (_none, index) => limits.callLog + 2 - index))
    expect(calls(engine, { slow: true })).toMatchObject([{ method: 'slow', durationMs: 100, number: 1 }])
    expect(calls(engine, { session: bob.id })).toEqual([])
    await bob.call('echo', 2)
    await ana.call('echo', 3)
    expect(calls(engine, { session: bob.id })).toMatchObject([{ sessionId: bob.id }])
    expect(calls(engine, { after: limits.callLog + 2 }).map(({ number }) => number)).toEqual([limits.callLog + 4, limits.callLog + 3])
    expect(calls(engine, { limit: 1 })).toMatchObject([{ number: limits.callLog + 4 }])
  })

  test('P62 the time of a call is split into waiting for its turn, the way there and back, and its run with what that waited for', async () => {
    const gate = createGate()
    const engine = await start({}, { methods: { ...methods, wait: () => gate.passed } })
    const ana = await engine.connect('ana')
    engine.host.timings = { runMs: 20.00049, storageMs: 7.5, dataMs: 0 }
    const both = Promise.all([ana.call('wait'), ana.call('echo')])
    await engine.clock.advance(30)
    gate.open()
    await both
    expect(calls(engine)).toMatchObject([
      { method: 'echo', durationMs: 30, split: { queueMs: 30, hopMs: 0 } },
      { method: 'wait', durationMs: 30, split: { queueMs: 0, hopMs: 10, runMs: 20, storageMs: 7.5, dataMs: 0 } },
    ])
    engine.host.timings = null
    await ana.call('echo')
    expect(calls(engine, { limit: 1 })).toMatchObject([{ split: { queueMs: 0, hopMs: null, runMs: null, storageMs: null, dataMs: null } }])
  })

  test('P63 arguments are not kept unless the project says so, and then cut at 500 characters', async () => {
    const shy = await start()
    await (await shy.connect()).call('echo', 'a secret')
    expect(JSON.stringify(calls(shy))).not.toContain('secret')
    const open = await start({ arguments: true })
    const ana = await open.connect()
    await ana.call('echo', 'short', 1)
    const long = 'ü€😀'.repeat(1000)
    await ana.call('echo', long)
    await open.engine.dispatch(
      'method.call',
      {
        sessionId: ana.id,
        process: ana.welcome.mainProcess.number,
        method: 'echo',
        args: new Uint8Array([...encodeStorable(['ab'.repeat(1000)])].map((letter) => letter.charCodeAt(0))),
      },
      { kind: 'client', sessionId: ana.id },
    )
    const [asBytes, asText, short] = calls(open)
    expect(short?.arguments).toBe('["short",1]')
    expect(asText?.arguments).toBe(`${encodeStorable([long]).slice(0, 500)}…`)
    expect(asBytes?.arguments).toBe(`["${'ab'.repeat(249)}…`)
  })

  test('P64 where the project switches it off nothing is kept, and isolates measure nothing', async () => {
    const engine = await start({ enabled: false })
    await (await engine.connect()).call('echo', 1)
    expect(calls(engine)).toEqual([])
    expect(engine.host.calls.at(-1)).not.toHaveProperty('timed')
    const logged = await start()
    await (await logged.connect()).call('echo', 1)
    expect(logged.host.calls.at(-1)).toMatchObject({ timed: true })
  })

  test('P65 the client’s id of a call goes to its isolate and into the log', async () => {
    const engine = await start()
    const ana = await engine.connect()
    const { mainProcess } = ana.welcome
    const input = { sessionId: ana.id, process: mainProcess.number, method: 'echo', args: '[1]', request: 'r-77' }
    await engine.engine.dispatch('method.call', input, { kind: 'client', sessionId: ana.id })
    expect(engine.host.calls.at(-1)).toMatchObject({ request: 'r-77' })
    expect(calls(engine)).toMatchObject([{ request: 'r-77' }])
  })
})
