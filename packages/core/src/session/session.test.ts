import { describe, expect, test } from 'vitest'
import { startTestEngine, type TestProject } from '../testing/index.ts'

const telling: TestProject = {
  methods: {
    me: (scope) => scope.session.facts().id,
    info: async (scope) => {
      const seed = await scope.ask({ kind: 'session.seed', sessionId: scope.session.facts().id })
      return seed === null ? null : Object.entries(seed.facts.info).map(([name, value]) => `${name}: ${String(value)}`)
    },
  },
}

describe('session', () => {
  test('S2 all processes of a client share one session, and no other client does', async () => {
    const engine = await startTestEngine({ project: telling })
    const [ana, bob] = [await engine.connect(), await engine.connect()]
    const second = await ana.process('second')
    expect(ana.id).toMatch(/^[0-9A-F]{32}$/)
    expect([await ana.call('me'), await second.call('me')]).toEqual([ana.id, ana.id])
    expect(await bob.call('me')).toBe(bob.id)
    expect(bob.id).not.toBe(ana.id)
  })

  test('S2 a client has power over its own session and processes alone', async () => {
    const engine = await startTestEngine({ project: telling })
    const [ana, bob] = [await engine.connect(), await engine.connect()]
    await expect(bob.callIn(ana.welcome.mainProcess.number, 'me')).rejects.toMatchObject({ code: 'PROCESS_NOT_FOUND' })
    const asBob = { kind: 'client', sessionId: bob.id } as const
    await expect(engine.engine.dispatch('session.close', { sessionId: ana.id }, asBob)).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
    const call = { sessionId: ana.id, process: ana.welcome.mainProcess.number, method: 'me', args: '[]' }
    await expect(engine.engine.dispatch('method.call', call, asBob)).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
  })

  test('S18 info is computed when asked for, with 4D’s names and values', async () => {
    const engine = await startTestEngine({ project: telling })
    const ana = await engine.connect('ana', { machineName: 'pc-7', systemUserName: 'ana.os', hostType: 'mac', address: '10.0.0.7' })
    expect(await ana.call('info')).toEqual([
      'type: remote',
      'userName: Designer',
      'machineName: pc-7',
      'systemUserName: ana.os',
      'IPAddress: 10.0.0.7',
      'hostType: mac',
      'creationDateTime: 2026-01-05T08:00:00.000Z',
      'state: active',
      `ID: ${ana.id}`,
      `persistentID: ${ana.id}`,
    ])
    await ana.lose()
    await engine.clock.advance(12_500)
    expect(await ana.call('info')).toEqual(expect.arrayContaining(['state: unreachable', 'unreachableSince: 12']))
    const { processId } = await engine.operator.startProcedure('info')
    const info = await engine.operator.dispatch('procedure.result', { processId })
    expect(JSON.parse(info)).toEqual(expect.arrayContaining(['type: storedProcedure', 'machineName: test-machine', 'systemUserName: ', 'persistentID: ']))
  })

  test('S19 counts say what the registry holds, and an ended session leaves nothing behind', async () => {
    const engine = await startTestEngine({ project: telling })
    const clients = await Promise.all(Array.from({ length: 20 }, () => engine.connect()))
    await Promise.all(clients.map((client) => client.call('me')))
    await Promise.all(clients.slice(0, 10).map((client) => client.lose()))
    await engine.publish({ methods: {} })
    expect((await engine.reads.server()).sessions).toEqual({ remote: 20, storedProcedures: 1, standalone: 0, web: 0 })
    expect(
      engine.reads.sessionsWindow({ query: { text: '', chips: [] }, sort: { column: 'calls', direction: 'ascending' }, offset: 0, limit: 5 }),
    ).toMatchObject({
      total: 21,
      matching: 21,
      counts: { remote: 20, storedProcedures: 1, counted: 20, outdated: 20, unreachable: 10 },
    })
    await Promise.all(clients.slice(5).map((client) => engine.operator.disconnect(client)))
    await engine.clock.advance(900_000)
    expect((await engine.reads.server()).sessions).toEqual({ remote: 0, storedProcedures: 1, standalone: 0, web: 0 })
    expect(engine.host.held).toEqual({ replicas: 0, variables: 0, inFlight: 0 })
    expect(engine.clock.pending).toBe(0)
    expect((await engine.reads.versions()).versions.map(({ state, sessions }) => [state, sessions])).toEqual(
      expect.arrayContaining([
        ['current', 0],
        ['retired', 0],
      ]),
    )
  })
})
