import { decodeStorable } from '@tessera/protocol'
import { describe, expect, test } from 'vitest'
import type { Actor } from '../actor.ts'
import { asProcessId, type ProcessId } from '../ids.ts'
import { createGate, type Scope, startTestEngine, type TestEngine, type TestProject } from '../testing/index.ts'

const project = (gate = createGate(), more: TestProject['methods'] = {}): TestProject => ({
  methods: {
    wait: async (_scope, value) => {
      await gate.passed
      return value
    },
    where: (scope) => [scope.session.facts().info.type, scope.process.name],
    hidden: { onServer: false, run: () => 'server only' },
    sales: { groups: ['Sales'], run: () => 'sold' },
    startHidden: async (scope) => {
      const { process, number } = await scope.ask({ kind: 'procedure.start', method: 'hidden', args: '[]', processName: '', unique: false })
      return [number > 0, (await scope.ask({ kind: 'procedure.result', process })).value]
    },
    cancel: async (scope, id) => (await scope.ask({ kind: 'procedure.cancel', process: asProcessId(String(id)), reason: 'by code' })).told,
    ...more,
  },
})

/** Works until it is told to stop, then ends as `how` says. */
const heeds =
  (how: (scope: Scope) => unknown) =>
  async (scope: Scope): Promise<unknown> => {
    while (!scope.signal.aborted) await Promise.resolve()
    return how(scope)
  }

const operatorResult = async (engine: TestEngine, processId: ProcessId): Promise<unknown> =>
  decodeStorable(await engine.operator.dispatch('procedure.result', { processId }))

describe('what is asked of stored procedures', () => {
  test('P40 a client starts what it may call, in the stored-procedures session, under a negative number', async () => {
    const engine = await startTestEngine({ project: project() })
    const ana = await engine.connect('ana')
    const { processId, number } = await ana.startProcedure('where', [], { name: 'mine' })
    expect(number).toBeLessThan(0)
    expect(engine.reads.procedures()[0]).toMatchObject({ id: processId, number: -number })
    expect(await ana.procedureResult(processId)).toEqual(['storedProcedure', 'mine'])
  })

  test('P40 a client starts nothing that it may not call; server code starts any method, under a positive number', async () => {
    const engine = await startTestEngine({ project: project() })
    await engine.operator.dispatch('directory.addUser', { name: 'ana', password: null, groups: [] })
    await engine.operator.dispatch('directory.addUser', { name: 'ben', password: null, groups: [] })
    await engine.operator.dispatch('directory.putGroup', { name: 'Sales', users: ['ben'], groups: [] })
    await engine.operator.dispatch('directory.setPassword', { name: 'Designer', password: 'a long enough password' })
    await engine.operator.dispatch('directory.setPassword', { name: 'ana', password: 'anas secret' })
    await engine.operator.dispatch('directory.setPassword', { name: 'ben', password: 'bens secret' })
    const ana = await engine.connect('ana', { password: 'anas secret' })
    await expect(ana.startProcedure('hidden')).rejects.toMatchObject({ code: 'METHOD_NOT_FOUND' })
    await expect(ana.startProcedure('nothing')).rejects.toMatchObject({ code: 'METHOD_NOT_FOUND' })
    await expect(ana.startProcedure('sales')).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
    expect(engine.heard('procedure.started')).toHaveLength(0)
    expect(await ana.call('startHidden')).toEqual([true, '"server only"'])
    const ben = await engine.connect('ben', { password: 'bens secret' })
    expect(await ben.procedureResult((await ben.startProcedure('sales')).processId)).toBe('sold')
  })

  test('P40 a name that starts with $, or is too long, and arguments over the limit are refused and start nothing', async () => {
    const engine = await startTestEngine({ project: project(), payloadBytes: 1000 })
    const ana = await engine.connect('ana')
    await expect(ana.startProcedure('where', [], { name: '$mine' })).rejects.toMatchObject({ code: 'PROCESS_NAME_INVALID' })
    await expect(ana.startProcedure('where', [], { name: 'x'.repeat(201) })).rejects.toMatchObject({ code: 'PROCESS_NAME_INVALID' })
    await expect(ana.startProcedure('where', ['x'.repeat(1000)])).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' })
    expect(engine.heard('procedure.started')).toHaveLength(0)
  })

  test('P40 a session that goes to another version starts there what it asked for meanwhile', async () => {
    const gate = createGate()
    const version = (name: string): TestProject => ({ methods: { ...project(gate).methods, which: () => name } })
    const engine = await startTestEngine({ project: version('old') })
    const ana = await engine.connect('ana')
    const busy = ana.call('wait', 1)
    await engine.publish(version('new'))
    await engine.operator.reload(ana)
    const moving = ana.move(engine.reads.pendingReload(ana.id)?.version.id ?? '')
    await engine.settle()
    const started = ana.startProcedure('which')
    await engine.settle()
    expect(engine.heard('procedure.started')).toHaveLength(0)
    gate.open()
    await Promise.all([busy, moving])
    expect(await ana.procedureResult((await started).processId)).toBe('new')
  })

  test('P41 of many that ask at once for the same name as unique, one starts it, and all hear of it', async () => {
    const gate = createGate()
    const engine = await startTestEngine({ project: project(gate) })
    const clients = await Promise.all(['ana', 'ben', 'cy', 'di'].map((user) => engine.connect(user)))
    const unique = { name: 'nightly', unique: true }
    const started = await Promise.all(clients.map((client, index) => client.startProcedure('wait', [index], unique)))
    expect(new Set(started.map(({ processId }) => processId)).size).toBe(1)
    expect(engine.heard('procedure.started')).toHaveLength(1)
    const results = clients.map((client, index) => client.procedureResult(started[index]?.processId ?? asProcessId('')))
    gate.open()
    expect(new Set(await Promise.all(results)).size).toBe(1)
  })

  test('P41 nobody hears of another session’s procedure, nor stops it, by asking for its name', async () => {
    const gate = createGate()
    const engine = await startTestEngine({ project: project(gate) })
    const [ana, ben] = [await engine.connect('ana'), await engine.connect('ben')]
    const { processId } = await ana.startProcedure('wait', [1], { name: 'nightly' })
    for (const ask of [() => ben.procedureResult(processId), () => ben.progressOf(processId), () => ben.cancelProcedure(processId)])
      await expect(ask()).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
    // Another method under that name: the number is answered, as in 4D, and no more.
    expect(await ben.startProcedure('where', [], { name: 'nightly', unique: true })).toMatchObject({ processId })
    await expect(ben.procedureResult(processId)).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
    // Whoever joins listens; stopping is left to whoever started it.
    await ben.startProcedure('wait', [2], { name: 'nightly', unique: true })
    expect(await ben.progressOf(processId)).toMatchObject({ running: true })
    await expect(ben.cancelProcedure(processId)).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
    expect(await ben.call('cancel', processId).catch((error: unknown) => error)).toMatchObject({ code: 'NOT_ALLOWED' })
    expect(await ana.call('cancel', processId)).toBe(true)
    gate.open()
  })

  test('P42 progress is told four times a second at most, and the last word always', async () => {
    const gate = createGate()
    const counts = async (scope: Scope): Promise<void> => {
      for (let step = 1; step <= 100; step++) scope.progress(step / 100, `step ${step}`)
      await gate.passed
      for (let step = 1; step <= 100; step++) scope.progress(1, `end ${step}`)
    }
    const engine = await startTestEngine({ project: project(gate, { counts }) })
    const { processId } = await engine.operator.startProcedure('counts')
    const told = () => engine.heard('procedure.progressed').map(({ text }) => text)
    expect(told()).toEqual(['step 1'])
    await engine.clock.advance(1000)
    expect(told()).toEqual(['step 1', 'step 100'])
    gate.open()
    await operatorResult(engine, processId)
    expect(told()).toEqual(['step 1', 'step 100', 'end 1', 'end 100'])
    expect(engine.clock.pending).toBe(0)
  })

  test('P42 whoever follows it is answered when there is more to know, when it ends, or after a while', async () => {
    const gates = [createGate(), createGate()]
    const steps = async (scope: Scope): Promise<void> => {
      await gates[0]?.passed
      scope.progress(0.5, 'half')
      await gates[1]?.passed
    }
    const engine = await startTestEngine({ project: project(createGate(), { steps }) })
    const ana = await engine.connect('ana')
    const { processId } = await ana.startProcedure('steps')
    expect(await ana.progressOf(processId)).toEqual({ seen: 0, progress: null, running: true })
    const silent = ana.progressOf(processId, 0)
    await engine.clock.advance(20_000)
    expect(await silent).toEqual({ seen: 0, progress: null, running: true })
    const next = ana.progressOf(processId, 0)
    gates[0]?.open()
    expect(await next).toEqual({ seen: 1, progress: { fraction: 0.5, text: 'half' }, running: true })
    const last = ana.progressOf(processId, 1)
    gates[1]?.open()
    expect(await last).toEqual({ seen: 1, progress: { fraction: 0.5, text: 'half' }, running: false })
  })

  test('P43 a procedure that is cancelled hears why, and its end is its own', async () => {
    const methods = {
      gives: heeds(({ signal }) => `half, ${signal.reason}`),
      throws: heeds(() => {
        throw new Error('stopped at 3 of 7')
      }),
    }
    const engine = await startTestEngine({ project: project(createGate(), methods) })
    const ana = await engine.connect('ana')
    const gives = await ana.startProcedure('gives')
    await ana.cancelProcedure(gives.processId, 'too slow')
    expect(await ana.procedureResult(gives.processId)).toBe('half, too slow')
    const throws = await ana.startProcedure('throws')
    await ana.cancelProcedure(throws.processId, 'too slow')
    await expect(ana.procedureResult(throws.processId)).rejects.toMatchObject({ code: 'CALL_CANCELLED', message: 'too slow (stopped at 3 of 7)' })
    expect(engine.clock.pending).toBe(0)
  })

  test('P43 one that does not heed it is ended after five seconds; an operator cancels any, on the record', async () => {
    const engine = await startTestEngine({ project: project() })
    const ana = await engine.connect('ana')
    const { processId } = await ana.startProcedure('wait', [1])
    const result = ana.procedureResult(processId).catch((error: unknown) => error)
    expect(engine.reads.procedures()[0]).toMatchObject({ state: 'executing', cancelled: null })
    await engine.operator.dispatch('procedure.cancel', { processId, reason: 'closing time' })
    expect(engine.heard('procedure.cancelled')).toEqual([{ name: 'procedure.cancelled', processId, reason: 'closing time' }])
    await engine.clock.advance(4999)
    expect(engine.reads.procedures()[0]).toMatchObject({ state: 'executing', cancelled: 'closing time' })
    await engine.clock.advance(1)
    expect(await result).toMatchObject({ code: 'CALL_CANCELLED', message: 'closing time' })
    expect(engine.heard('act.recorded').at(-1)).toMatchObject({ act: 'procedure.cancel', ok: true, target: processId })
  })

  test('P43 cancelling what has ended, or never was, is told and changes nothing', async () => {
    const engine = await startTestEngine({ project: project() })
    const ana = await engine.connect('ana')
    const { processId } = await ana.startProcedure('where')
    await ana.procedureResult(processId)
    await expect(ana.cancelProcedure(processId)).rejects.toMatchObject({ code: 'ILLEGAL_STATE' })
    expect(await ana.call('cancel', processId)).toBe(false)
    await expect(ana.cancelProcedure(asProcessId('F'.repeat(32)))).rejects.toMatchObject({ code: 'PROCESS_NOT_FOUND' })
    expect(await ana.procedureResult(processId)).toEqual(['storedProcedure', 'where'])
  })

  test('P44 when the server stops, procedures are told, have their time to end, and those that do not are ended', async () => {
    const gate = createGate()
    const methods = {
      tidy: heeds(async (scope) => {
        await gate.passed
        await scope.session.storage.use((draft) => {
          draft['tidied'] = scope.signal.reason
        })
      }),
    }
    const engine = await startTestEngine({ project: project(createGate(), methods) })
    const tidy = await engine.operator.startProcedure('tidy')
    const stubborn = await engine.operator.startProcedure('wait', [1])
    const ends = [tidy, stubborn].map(({ processId }) => engine.operator.dispatch('procedure.result', { processId }).catch((error: unknown) => error))
    const stopping = engine.stop('maintenance')
    await engine.clock.advance(5000)
    await expect(engine.operator.startProcedure('where')).rejects.toMatchObject({ code: 'SERVER_STOPPING' })
    expect(engine.heard('procedure.ended')).toHaveLength(0)
    gate.open()
    await engine.settle()
    expect(engine.heard('procedure.ended')).toMatchObject([{ processId: tidy.processId, ok: true }])
    expect(engine.heard('storage.changed').at(-1)?.delta.changes).toEqual([['tidied', '"maintenance"']])
    await engine.clock.advance(5000)
    await stopping
    expect(await ends[1]).toMatchObject({ code: 'CALL_CANCELLED', message: 'maintenance' })
    expect(engine.clock.pending).toBe(0)
  })

  test('P48 the clients of one session have a hundred running at most, and take none of another’s', async () => {
    const gate = createGate()
    const engine = await startTestEngine({ project: project(gate) })
    const [ana, ben] = [await engine.connect('ana'), await engine.connect('ben')]
    for (let count = 0; count < 100; count++) await ana.startProcedure('wait', [count])
    await expect(ana.startProcedure('wait')).rejects.toMatchObject({ code: 'TOO_MANY_CALLS', retryable: true })
    await ben.startProcedure('wait')
    gate.open()
    await engine.settle()
    await ana.startProcedure('where')
    const by: Actor = { kind: 'client', sessionId: ana.id }
    await ana.close()
    const late = engine.engine.dispatch('procedure.start', { sessionId: ana.id, method: 'where', args: '[]', name: '', unique: false }, by)
    await expect(late).rejects.toMatchObject({ code: expect.stringMatching(/^SESSION_/) })
  })
})
