import { decodeStorable, type Storable } from '@tessera/protocol'
import { describe, expect, test } from 'vitest'
import { asDigest, type ProcessId } from '../ids.ts'
import { createGate, startTestEngine, TestEngine, type TestProject } from '../testing/index.ts'

const resultOf = async (engine: TestEngine, { processId }: { processId: ProcessId }): Promise<Storable> =>
  decodeStorable(await engine.operator.dispatch('procedure.result', { processId }))

const project = (gate = createGate()): TestProject => ({
  methods: {
    wait: async (_scope, value) => {
      await gate.passed
      return value
    },
    count: (scope) =>
      scope.session.storage.use((draft) => {
        draft['count'] = Number(draft['count'] ?? 0) + 1
      }),
    info: (scope) => [scope.session.facts().info.type, scope.session.facts().id, scope.process.name],
    start: async (scope, method) => {
      const { process } = await scope.ask({ kind: 'procedure.start', method: String(method), args: '[]', processName: '', unique: false })
      return (await scope.ask({ kind: 'procedure.result', process })).value
    },
    fail: () => {
      throw new TypeError('not like this')
    },
  },
})

describe('stored procedures', () => {
  test('P11 all run in one session, made with the server: no client, no licence, no Open Connection', async () => {
    const opened: string[] = []
    const engine = await startTestEngine({
      project: {
        ...project(),
        database: {
          onServerOpenConnection: (scope) => {
            opened.push(scope.process.name)
          },
        },
      },
      maxClients: 1,
    })
    const ana = await engine.connect('ana')
    const fromClient = decodeStorable(String(await ana.call('start', 'info')))
    const fromConsole = await resultOf(engine, await engine.operator.startProcedure('info'))
    const id = engine.reads.proceduresSession()
    expect([fromClient, fromConsole]).toEqual([
      ['storedProcedure', id, 'info'],
      ['storedProcedure', id, 'info'],
    ])
    expect(engine.reads.session(id)).toMatchObject({ kind: 'storedProcedures', counted: false, machineName: 'test-machine' })
    await Promise.all([1, 2, 3].map(async () => resultOf(engine, await engine.operator.startProcedure('count'))))
    expect(engine.reads.storage(id).slots).toMatchObject([{ slot: 'count', text: '3', changedBy: 'count' }])
    expect(opened).toEqual(['main'])
  })

  test('P12 a procedure gets a process of its own with a positive number, and its name or its method’s', async () => {
    const gate = createGate()
    const engine = await startTestEngine({ project: project(gate) })
    const named = await engine.operator.startProcedure('wait', [1], { name: 'nightly' })
    const same = await engine.operator.startProcedure('wait', [2], { name: 'nightly' })
    const plain = await engine.operator.startProcedure('wait', [3])
    expect(new Set([named.number, same.number, plain.number]).size).toBe(3)
    expect(Math.min(named.number, same.number, plain.number)).toBeGreaterThan(0)
    expect(engine.reads.procedures().map(({ name, state }) => [name, state])).toEqual([
      ['nightly', 'executing'],
      ['nightly', 'executing'],
      ['wait', 'executing'],
    ])
    gate.open()
    await expect(engine.operator.startProcedure('nothing')).rejects.toMatchObject({ code: 'METHOD_NOT_FOUND' })
  })

  test('P12 asked for as unique, a running one of that name is answered', async () => {
    const gate = createGate()
    const engine = await startTestEngine({ project: project(gate) })
    const unique = { name: 'nightly', unique: true }
    const first = await engine.operator.startProcedure('wait', [1], unique)
    expect(await engine.operator.startProcedure('wait', [2], unique)).toEqual(first)
    const unnamed = await engine.operator.startProcedure('wait', [3], { unique: true })
    expect(await engine.operator.startProcedure('wait', [4], { unique: true })).toEqual(unnamed)
    expect(unnamed).not.toEqual(first)
    gate.open()
    expect(await resultOf(engine, first)).toBe(1)
    expect(await engine.operator.startProcedure('wait', [5], unique)).not.toEqual(first)
  })

  test('P13 a procedure runs on its starter’s version, or the current one, to its end', async () => {
    const gate = createGate()
    const version = (name: string): TestProject => ({
      methods: {
        ...project().methods,
        which: async () => {
          await gate.passed
          return name
        },
      },
    })
    const engine = await startTestEngine({ project: version('old') })
    const ana = await engine.connect('ana')
    const fromConsole = await engine.operator.startProcedure('which')
    await engine.publish(version('new'))
    const fromAna = ana.call('start', 'which')
    await engine.settle()
    await ana.close().catch(() => undefined)
    await fromAna.catch(() => undefined)
    const later = await engine.operator.startProcedure('which')
    expect(engine.host.isolates()).toHaveLength(2)
    gate.open()
    expect([await resultOf(engine, fromConsole), await resultOf(engine, later)]).toEqual(['old', 'new'])
    await engine.settle()
    expect(engine.reads.procedures().map(({ result }) => result)).toEqual(expect.arrayContaining([{ ok: true, value: '"old"' }]))
    expect(engine.host.isolates()).toHaveLength(1)
    expect(engine.host.faults).toEqual([])
  })

  test('P13 a server method that publishes runs to its end on its own version', async () => {
    const gate = createGate()
    let ended = false
    const engine = new TestEngine({
      project: {
        database: {
          onServerStartup: async (scope) => {
            engine.edit({ methods: { which: () => 'next' } })
            await scope.ask({ kind: 'project.reload' })
            await gate.passed
            ended = true
          },
        },
      },
    })
    const starting = engine.start()
    await engine.settle()
    expect(engine.host.isolates()).toHaveLength(2)
    gate.open()
    await starting
    expect(ended).toBe(true)
    expect(engine.host.isolates()).toHaveLength(1)
    expect(engine.heard('version.published').map(({ by }) => by)).toEqual(['server', 'onServerStartup'])
  })

  test('P14 progress is shown, within its bounds', async () => {
    const engine = await startTestEngine({
      project: {
        methods: {
          report: (scope, fraction, text) => {
            scope.progress(Number(fraction), String(text))
          },
        },
      },
    })
    const shown: [unknown, unknown][] = [
      [0.25, 0.25],
      [7, 1],
      [-1, 0],
      ['half', 0],
    ]
    for (const [given, expected] of shown) {
      await resultOf(engine, await engine.operator.startProcedure('report', [given, 'x'.repeat(5000)]))
      expect(engine.reads.procedures()[0]?.progress).toEqual({ fraction: expected, text: 'x'.repeat(1000) })
    }
    const ana = await engine.connect('ana')
    await ana.call('report', 0.5, 'no procedure')
    expect(ana.row.processList[0]?.progress).toBeNull()
    expect(engine.heard('procedure.progressed')).toHaveLength(4)
  })

  test('P14 the result or error is the same whether asked for before or after the end', async () => {
    const gate = createGate()
    const engine = await startTestEngine({ project: project(gate) })
    const { processId } = await engine.operator.startProcedure('fail')
    const ask = () => engine.operator.dispatch('procedure.result', { processId }).catch((error: unknown) => error)
    const before = await ask()
    const after = await ask()
    expect(before).toMatchObject({ code: 'METHOD_ERROR', className: 'TypeError', message: 'not like this' })
    expect(after).toEqual(before)
    const crashed = await engine.operator.startProcedure('wait')
    engine.host.crash(asDigest((await engine.reads.server()).version?.digest ?? ''))
    await engine.settle()
    for (let time = 0; time < 2; time++) {
      await expect(engine.operator.dispatch('procedure.result', { processId: crashed.processId })).rejects.toMatchObject({ code: 'CALL_INTERRUPTED' })
    }
    expect(engine.heard('procedure.ended')).toHaveLength(2)
  })

  test('P14 the last fifty that ended are kept, newest first', async () => {
    const engine = await startTestEngine({ project: project() })
    const first = await engine.operator.startProcedure('info')
    for (let index = 0; index < 60; index++) {
      await engine.operator.startProcedure('info', [], { name: `p${index}` })
      await engine.settle()
    }
    expect(engine.reads.procedures()).toHaveLength(50)
    expect(engine.reads.procedures()[0]?.name).toBe('p59')
    await engine.clock.advance(60_000)
    await engine.operator.startProcedure('info')
    await engine.settle()
    await expect(resultOf(engine, first)).rejects.toMatchObject({ code: 'PROCESS_NOT_FOUND' })
    expect(engine.host.held.variables).toBe(0)
  })
})
