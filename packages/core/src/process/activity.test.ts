import { describe, expect, test } from 'vitest'
import type { ProcessCpu } from '../ports/isolate-host.ts'
import { type ScriptedMethod, startTestEngine, TestBrowser, TestEngine, type TestProject } from '../testing/index.ts'

const never = () => new Promise(() => undefined)

const methods: TestProject['methods'] = { hang: never, look: { run: () => null, exposed: true } }
const start = (): Promise<TestEngine> => startTestEngine({ project: { methods } })
const stateAndType = (engine: TestEngine): unknown[] =>
  (engine.reads.activity({ session: null, options: 1 })?.processes ?? []).map(({ name, state, type }) => [name, state, type])

describe('process activity', () => {
  test('P56 processes are told with 4D’s fields, and their session beside them', async () => {
    const engine = await start()
    const ana = await engine.connect('ana')
    const { id } = ana.welcome.mainProcess
    engine.host.used.set(id, { cpuMs: 1500, cpuUsage: 0.25 } satisfies ProcessCpu)
    ana.call('hang').catch(() => undefined)
    await engine.settle()
    const told = engine.reads.activity({ session: ana.id, options: 0 })
    const info = engine.reads.activity({ session: ana.id, options: 2 })?.sessions?.[0]
    expect(info).toMatchObject({ ID: ana.id, type: 'remote', userName: 'Designer' })
    expect(told).toEqual({
      processes: [
        {
          ID: id,
          number: ana.welcome.mainProcess.number,
          name: 'main',
          sessionID: ana.id,
          state: 0,
          type: 4,
          creationDateTime: '2026-01-05T08:00:00.000Z',
          cpuTime: 1.5,
          cpuUsage: 0.25,
          preemptive: false,
          systemID: null,
          visible: false,
          session: info,
        },
      ],
      sessions: [info],
    })
  })

  test('P56 states and types are 4D’s, the server’s own and browsers’ processes among them', async () => {
    const engine = new TestEngine({ project: { methods, database: { onServerStartup: never } } })
    void engine.start()
    await engine.settle()
    expect(stateAndType(engine)).toEqual([['onServerStartup', 0, -18]])
    const second = await start()
    const ana = await second.connect('ana')
    const [{ id }] = [ana.welcome.mainProcess, await ana.process('idle')]
    await (await TestBrowser.visit(second.engine)).call('look')
    await second.operator.startProcedure('hang')
    ana.call('hang').catch(() => undefined)
    await second.settle()
    await second.operator.dispatch('process.pause', { processId: id })
    expect(stateAndType(second)).toEqual([
      ['hang', 0, 1],
      ['main', 5, 4],
      ['idle', 2, 4],
      ['web', 2, -13],
    ])
  })

  test('P57 of one session only that one is told, and of an unknown one null', async () => {
    const engine = await start()
    const [ana] = [await engine.connect('ana'), await engine.connect('bob')]
    const told = engine.reads.activity({ session: ana.id, options: 0 })
    expect([told?.processes?.map(({ sessionID }) => sessionID), told?.sessions?.map(({ ID }) => ID)]).toEqual([[ana.id], [ana.id]])
    for (const session of ['', 'F'.repeat(32)]) expect(engine.reads.activity({ session, options: 0 })).toBeNull()
  })

  test('P57 code of any session asks for it', async () => {
    const ask: ScriptedMethod = async ({ ask }) => (await ask({ kind: 'process.activity', sessionId: null, options: 1 }))?.processes?.length ?? null
    const engine = await startTestEngine({ project: { methods: { ask } } })
    await engine.connect('bob')
    expect(await (await engine.connect('ana')).call('ask')).toBe(2)
  })

  test('P58 alone it is the list of processes, whatever was asked for', async () => {
    const engine = await startTestEngine({ standalone: true, project: {} })
    await engine.engine.dispatch('standalone.open', {}, { kind: 'system' })
    for (const session of [null, 'nobody']) {
      const told = engine.reads.activity({ session, options: 2 })
      expect(told).toMatchObject({ processes: [{ name: 'main', state: 2 }] })
      expect([Object.keys(told ?? {}), told?.processes?.[0]]).toEqual([['processes'], expect.not.objectContaining({ session: expect.anything() })])
    }
  })

  test('P56 options leave processes or sessions out', async () => {
    const engine = await start()
    await engine.connect('ana')
    const processesOnly = engine.reads.activity({ session: null, options: 1 })
    expect(Object.keys(processesOnly ?? {})).toEqual(['processes'])
    expect(processesOnly?.processes?.[0]).not.toHaveProperty('session')
    const sessionsOnly = engine.reads.activity({ session: null, options: 2 })
    expect(Object.keys(sessionsOnly ?? {})).toEqual(['sessions'])
    expect(sessionsOnly?.sessions?.map(({ type }) => type)).toEqual(['storedProcedure', 'remote'])
  })
})
