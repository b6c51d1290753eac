import { describe, expect, test } from 'vitest'
import type { Actor } from './actor.ts'
import type { CommandName } from './commands.ts'
import { createGate, startTestEngine, TestEngine, type TestProject } from './testing/index.ts'

const noQuery = { query: { text: '', chips: [] }, sort: { column: 'createdAt' as const, direction: 'descending' as const } }

describe('engine', () => {
  test('E3 what opened is told before what happens in it, what closed before what that ends', async () => {
    const engine = await startTestEngine({ project: { methods: { quick: () => null }, database: { onServerCloseConnection: () => null } } })
    const from = engine.events.length
    const ana = await engine.connect('ana')
    const second = await ana.process('second')
    await second.call('quick')
    await ana.lose()
    await ana.resume()
    await ana.close()
    expect(engine.events.slice(from).map(({ name }) => name)).toEqual([
      'session.opened',
      'process.opened',
      'process.opened',
      'call.started',
      'call.ended',
      'session.detached',
      'session.resumed',
      'session.closed',
      'call.started',
      'call.started',
      'call.ended',
      'call.ended',
      'process.closed',
      'process.closed',
    ])
  })

  test('E3 a version is told before it is current, and what it replaces after', async () => {
    const engine = await startTestEngine()
    const from = engine.events.length
    await engine.publish({ methods: {} })
    expect(engine.events.slice(from).map((event) => ('state' in event ? `${event.name} ${event.state}` : event.name))).toEqual([
      'isolate.started',
      'version.published',
      'version.stateChanged draining',
      'version.stateChanged current',
      'version.stateChanged retired',
      'isolate.ended',
      'act.recorded',
    ])
  })

  test('E4 dispatch answers with a promise and nothing else, whatever it is given', async () => {
    const engine = await startTestEngine()
    const actors: Actor[] = [{ kind: 'edge', address: '' }, { kind: 'system' }, { kind: 'operator', name: 'a', role: 'admin', via: 'token' }]
    for (const by of actors) {
      for (const name of ['session.close', 'session.disconnect', 'nothing', 'constructor', 'method.call'] as CommandName[]) {
        const answer = engine.engine.dispatch(name, {} as never, by)
        expect(answer).toBeInstanceOf(Promise)
        await expect(answer).rejects.toBeInstanceOf(Error)
      }
    }
  })

  test('E5 a server that stopped holds no session of a client, no timer and no isolate', async () => {
    const project: TestProject = { methods: { wait: () => createGate().passed }, database: { onServerShutdown: () => null } }
    const engine = await startTestEngine({ project })
    const clients = await Promise.all(Array.from({ length: 10 }, () => engine.connect()))
    const calls = Promise.allSettled(clients.map((client) => client.call('wait')))
    await engine.operator.startProcedure('wait')
    await clients[0]?.lose()
    await engine.settle()
    const stopping = Promise.all([engine.stop('backup'), engine.stop('again')])
    await engine.clock.advance(10_000)
    await stopping
    expect((await calls).every(({ status }) => status === 'rejected')).toBe(true)
    expect((await engine.reads.server()).sessions.remote).toBe(0)
    expect(engine.host.isolates()).toEqual([])
    expect(engine.clock.pending).toBe(0)
    expect(engine.heard('server.stateChanged').map(({ state }) => state)).toEqual(['running', 'stopping'])
    await expect(engine.publish({})).rejects.toMatchObject({ code: 'SERVER_STOPPING' })
    await expect(engine.operator.startProcedure('wait')).rejects.toMatchObject({ code: 'SERVER_STOPPING' })
  })

  test('E5 who stops it twice waits twice', async () => {
    const engine = await startTestEngine({ project: { database: { onServerShutdown: () => createGate().passed } } })
    const done: string[] = []
    void engine.stop().then(() => done.push('first'))
    void engine.stop().then(() => done.push('second'))
    await engine.settle()
    expect(done).toEqual([])
    await engine.clock.advance(10_000)
    expect(done).toEqual(['first', 'second'])
  })

  test('E5 stopped while it starts, it lets nobody in and leaves nothing', async () => {
    const gate = createGate()
    const engine = new TestEngine({ project: { database: { onServerStartup: () => gate.passed } } })
    const starting = engine.start().catch((error: unknown) => error)
    await engine.settle()
    await engine.stop()
    gate.open()
    expect(await starting).toMatchObject({ code: expect.stringMatching(/CALL_INTERRUPTED|SERVER_STOPPING/) })
    await expect(engine.connect()).rejects.toMatchObject({ code: 'SERVER_STOPPING' })
    expect((await engine.reads.server()).state).toBe('stopping')
    expect([engine.host.isolates().length, engine.clock.pending]).toEqual([0, 0])
  })

  test('E5 stopped while its first version is built, it leaves no isolate', async () => {
    const gate = createGate()
    const engine = new TestEngine()
    const open = engine.host.openVersion.bind(engine.host)
    engine.host.openVersion = async (code) => {
      await gate.passed
      return open(code)
    }
    const starting = engine.start().catch((error: unknown) => error)
    await engine.settle()
    const stopping = engine.stop()
    await engine.settle()
    gate.open()
    await stopping
    expect(await starting).toMatchObject({ code: 'SERVER_STOPPING' })
    expect([engine.host.isolates().length, engine.clock.pending]).toEqual([0, 0])
  })

  test('E6 a list is paged, a window is a part, and any cursor gives a page', async () => {
    const engine = await startTestEngine()
    for (let index = 0; index < 5; index++) await engine.connect()
    const before = engine.events.length
    const first = engine.reads.sessions({ ...noQuery, limit: 4, cursor: null })
    const second = engine.reads.sessions({ ...noQuery, limit: 4, cursor: first.cursor })
    expect([first.rows.length, second.rows.length, first.total, second.matching, second.cursor]).toEqual([4, 2, 6, 6, null])
    expect(new Set([...first.rows, ...second.rows].map(({ id }) => id)).size).toBe(6)
    for (const cursor of ['-1', 'x', '1e9', 'NaN', '1.5']) expect(engine.reads.sessions({ ...noQuery, limit: 4, cursor }).rows.length).toBeLessThanOrEqual(4)
    expect(engine.reads.sessionsWindow({ ...noQuery, offset: 3, limit: 2 })).toMatchObject({ total: 6, matching: 6, offset: 3, order: { length: 2 } })
    for (const read of [engine.reads.session, engine.reads.storage, engine.reads.privileges]) {
      expect(() => read('nobody')).toThrow(expect.objectContaining({ code: 'SESSION_NOT_FOUND' }))
    }
    expect(engine.events).toHaveLength(before)
  })

  test('E6 the server’s id is made once, however many ask first', async () => {
    const engine = new TestEngine()
    const { settings } = engine.ports
    const get = settings.get.bind(settings)
    settings.get = async (key) => {
      const value = await get(key)
      await Promise.resolve()
      return value
    }
    const ids = await Promise.all(Array.from({ length: 10 }, async () => (await engine.reads.identity()).serverId))
    expect(new Set(ids).size).toBe(1)
    expect(await settings.get('serverId')).toBe(ids[0])
  })

  test('S2 a project that runs alone has one session, starts up and exits, and lets no client in', async () => {
    const journal: string[] = []
    const note = (name: string) => () => {
      journal.push(name)
    }
    const engine = await startTestEngine({
      standalone: true,
      project: {
        methods: { inner: { run: () => 'ran', onServer: false } },
        database: { onStartup: note('startup'), onExit: note('exit'), onServerStartup: note('server startup'), onServerShutdown: note('server shutdown') },
      },
    })
    const system: Actor = { kind: 'system' }
    const { sessionId, process } = await engine.engine.dispatch('standalone.open', {}, system)
    await engine.engine.dispatch('standalone.run', { sessionId, name: 'onStartup' }, system)
    expect(await engine.engine.dispatch('method.call', { sessionId, process, method: 'inner', args: '[]' }, system)).toBe('"ran"')
    await engine.engine.dispatch('standalone.run', { sessionId, name: 'onExit' }, system)
    await expect(engine.connect()).rejects.toMatchObject({ code: 'SERVER_STARTING' })
    await engine.stop()
    expect(journal).toEqual(['startup', 'exit'])
    expect(engine.host.held).toEqual({ replicas: 0, variables: 0, inFlight: 0 })
  })
})
