import { describe, expect, test } from 'vitest'
import { asProcessId, type ProcessId } from '../ids.ts'
import { createGate, startTestEngine, type TestClient, type TestEngine, type TestProject } from '../testing/index.ts'

const never = new Promise<never>(() => undefined)

const project = (gate = createGate()): TestProject => ({
  methods: {
    hang: () => never,
    wait: async (_scope, value) => {
      await gate.passed
      return value
    },
    quick: (_scope, value) => value,
  },
})

const mainOf = ({ welcome }: TestClient): ProcessId => welcome.mainProcess.id

const start = async (gate = createGate()): Promise<{ engine: TestEngine; ana: TestClient; main: ProcessId }> => {
  const engine = await startTestEngine({ project: project(gate) })
  const ana = await engine.connect('ana')
  return { engine, ana, main: mainOf(ana) }
}

const abort = ({ operator }: TestEngine, processId: ProcessId, reason = 'it blocks the stock') => operator.dispatch('process.abort', { processId, reason })

describe('an operator’s hand on processes', () => {
  test('P50 aborting ends the call that runs, with the reason; calls that wait in the process go on', async () => {
    const { engine, ana, main } = await start()
    const hung = ana.call('hang').catch((error: unknown) => error)
    const waiting = ana.call('quick', 1)
    await engine.settle()
    expect(ana.row.processList[0]).toMatchObject({ state: 'executing', method: 'hang', queued: 1 })
    expect(await abort(engine, main)).toEqual({ outcome: 'yielded', sessionId: ana.id, method: 'hang' })
    expect(await hung).toMatchObject({ code: 'CALL_CANCELLED', message: 'it blocks the stock' })
    expect(await waiting).toBe(1)
    expect(engine.heard('process.aborted')).toEqual([
      { name: 'process.aborted', sessionId: ana.id, processId: main, method: 'hang', outcome: 'yielded', reason: 'it blocks the stock' },
    ])
    expect(engine.host.held.inFlight).toBe(0)
  })

  test('P50 an open connection and a close connection that never end are aborted like any call', async () => {
    const hanging = { onServerOpenConnection: () => never, onServerCloseConnection: () => never }
    const engine = await startTestEngine({ project: { database: hanging } })
    const connecting = engine.connect('ana').catch((error: unknown) => error)
    await engine.settle()
    const [opening] = engine.reads.processes(null)
    await abort(engine, asProcessId(opening?.id ?? ''))
    expect(await connecting).toMatchObject({ code: 'OPEN_CONNECTION_REFUSED' })
    engine.edit({ database: { onServerCloseConnection: () => never } })
    await engine.operator.dispatch('version.reload', {})
    const bob = await engine.connect('bob')
    const closing = bob.close()
    await engine.settle()
    expect(await abort(engine, mainOf(bob))).toMatchObject({ method: 'onServerCloseConnection' })
    await closing
    expect(engine.reads.processes(null)).toEqual([])
  })

  test('P51 an aborted stored procedure has failed, and its process is gone though its code never settles', async () => {
    const { engine } = await start()
    const { processId } = await engine.operator.startProcedure('hang')
    const result = engine.operator.dispatch('procedure.result', { processId }).catch((error: unknown) => error)
    await engine.settle()
    await abort(engine, processId, 'runs since yesterday')
    expect(await result).toMatchObject({ code: 'CALL_CANCELLED', message: 'runs since yesterday' })
    expect(engine.reads.procedures()).toMatchObject([{ state: 'failed', result: { ok: false, code: 'CALL_CANCELLED', message: 'runs since yesterday' } }])
    expect(engine.reads.processes(engine.reads.proceduresSession())).toEqual([])
  })

  test('P52 a paused process begins no call until it is activated; what runs there goes on, what waits keeps its order', async () => {
    const gate = createGate()
    const { engine, ana, main } = await start(gate)
    const other = await ana.process('other')
    const running = ana.call('wait', 'running')
    await engine.settle()
    await engine.operator.dispatch('process.pause', { processId: main })
    const order: unknown[] = []
    const waiting = Promise.all([1, 2].map((value) => ana.call('quick', value).then((answer) => order.push(answer))))
    gate.open()
    expect(await running).toBe('running')
    await engine.settle()
    expect(order).toEqual([])
    expect(ana.row.processList[0]).toMatchObject({ state: 'paused', method: null, queued: 2 })
    expect(await other.call('quick', 'beside')).toBe('beside')
    await engine.operator.dispatch('process.activate', { processId: main })
    await waiting
    expect(order).toEqual([1, 2])
    expect(ana.row.processList[0]).toMatchObject({ state: 'idle', queued: 0 })
    expect([...engine.heard('process.paused'), ...engine.heard('process.activated')].map(({ processId }) => processId)).toEqual([main, main])
  })

  test('P52 calls that wait in a paused process count against the bound of their session', async () => {
    const engine = await startTestEngine({ project: project(), payloadBytes: 100 })
    const ana = await engine.connect('ana')
    await engine.operator.dispatch('process.pause', { processId: mainOf(ana) })
    const calls = Array.from({ length: 100 }, () =>
      ana.call('quick', 1).then(
        () => 'run',
        (error: { code: string }) => error.code,
      ),
    )
    await engine.settle()
    await engine.operator.dispatch('process.activate', { processId: mainOf(ana) })
    const outcomes = await Promise.all(calls)
    expect(outcomes).toContain('run')
    expect(outcomes.slice(-1)).not.toEqual(['run'])
  })

  test('P53 a session with a paused process closes, ends, is disconnected and stops with the server without waiting for it', async () => {
    for (const end of ['close', 'end', 'disconnect', 'stop'] as const) {
      const { engine, ana, main } = await start()
      await engine.operator.dispatch('process.pause', { processId: main })
      const waiting = ana.call('quick', 1).catch((error: unknown) => error)
      await engine.settle()
      if (end === 'close') await ana.close()
      else if (end === 'stop') await engine.stop()
      else await engine.operator[end](ana)
      expect(await waiting).toMatchObject({ code: 'SESSION_ENDED' })
      expect(engine.clock.pending).toBe(0)
    }
  })

  test('P53 a session with a paused process goes to another version, and what waited is not started there', async () => {
    const { engine, ana, main } = await start()
    await engine.operator.dispatch('process.pause', { processId: main })
    const waiting = ana.call('quick', 1).catch((error: unknown) => error)
    await engine.settle()
    const { version } = await engine.publish(project())
    await ana.move(version.id)
    await engine.operator.dispatch('process.activate', { processId: main })
    expect(await waiting).toMatchObject({ code: 'CALL_NOT_STARTED' })
    expect(await ana.call('quick', 2)).toBe(2)
  })

  test('P54 what has ended is not aborted, and what holds nothing up is not paused', async () => {
    const { engine, ana, main } = await start()
    const refused = (act: 'abort' | 'pause' | 'activate', processId: ProcessId) =>
      engine.operator.dispatch(`process.${act}`, act === 'abort' ? { processId, reason: '' } : ({ processId } as never)).catch((error: unknown) => error)
    expect(await refused('abort', main)).toMatchObject({ code: 'ILLEGAL_STATE', message: 'Nothing runs in the process "main".' })
    expect(await refused('activate', main)).toMatchObject({ code: 'ILLEGAL_STATE' })
    for (const act of ['abort', 'pause', 'activate'] as const) {
      expect(await refused(act, asProcessId('nonsense'))).toMatchObject({ code: 'PROCESS_NOT_FOUND' })
    }
    const { processId } = await engine.operator.startProcedure('hang')
    expect(await refused('pause', processId)).toMatchObject({ code: 'ILLEGAL_STATE' })
    await abort(engine, processId)
    await engine.settle()
    expect(await refused('abort', processId)).toMatchObject({ code: 'ILLEGAL_STATE', message: 'The stored procedure "hang" has ended already.' })
    await ana.close()
    expect(await refused('abort', main)).toMatchObject({ code: 'PROCESS_NOT_FOUND' })
    expect(engine.heard('process.aborted')).toHaveLength(1)
  })

  test('P55 each of these acts is on the record with whom it touched and what came of it, and takes an operator', async () => {
    const { engine, ana, main } = await start()
    ana.call('hang').catch(() => undefined)
    await engine.settle()
    await abort(engine, main, 'too long')
    await abort(engine, main, 'again').catch(() => undefined)
    await engine.operator.dispatch('process.pause', { processId: main })
    await engine.operator.dispatch('process.activate', { processId: main })
    await expect(engine.as('Viktor', 'viewer').dispatch('process.pause', { processId: main })).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
    expect([...(await engine.reads.audit({ limit: 10, before: null }))].reverse()).toMatchObject([
      { act: 'process.abort (yielded)', target: `${ana.id} hang ${main}`, reason: 'too long', ok: true },
      { act: 'process.abort', target: main, reason: 'again', ok: false, code: 'ILLEGAL_STATE' },
      { act: 'process.pause', target: main, ok: true },
      { act: 'process.activate', target: main, ok: true },
      { act: 'process.pause', target: main, who: 'Viktor (console)', ok: false, code: 'NOT_ALLOWED' },
    ])
  })
})
