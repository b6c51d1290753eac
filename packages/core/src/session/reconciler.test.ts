import { expect, test } from 'vitest'
import { MemoryConnectionIndex } from '../memory/memory-connection-index.ts'
import { startTestEngine, type TestClient, type TestEngine, type TestEngineOptions } from '../testing/index.ts'

interface Setting {
  engine: TestEngine
  connections: MemoryConnectionIndex
  /** A client as a gateway lets it in. */
  connect(options?: { mayPostpone: boolean }): Promise<TestClient>
  drift(): Promise<string[]>
}

const set = async (options: TestEngineOptions = {}): Promise<Setting> => {
  const connections = new MemoryConnectionIndex()
  const engine = await startTestEngine({ checkSeconds: 5, ports: { connections }, ...options })
  const connect: Setting['connect'] = async (introduction = { mayPostpone: false }) => {
    const client = await engine.connect('ana', introduction)
    connections.add(client.id, client.welcome.connection)
    return client
  }
  return { engine, connections, connect, drift: async () => (await engine.reads.server()).drift.map(({ what }) => what) }
}

test('S26 where all is in step nothing is found, whatever comes and goes', async () => {
  const { engine, connections, connect, drift } = await set({ project: { methods: { hi: () => 'hi' } } })
  const [ana, bob] = [await connect(), await connect()]
  await ana.call('hi')
  await engine.clock.advance(12_000)
  connections.remove(bob.id, bob.welcome.connection)
  await bob.lose()
  await engine.clock.advance(12_000)
  connections.remove(ana.id, ana.welcome.connection)
  await ana.close()
  await engine.clock.advance(60_000)
  expect(await drift()).toEqual([])
  expect(engine.heard('drift.found')).toEqual([])
})

test('S26 a session that counts as connected and is not becomes unreachable in the second round', async () => {
  const { engine, connections, connect, drift } = await set()
  const ana = await connect()
  connections.remove(ana.id, ana.welcome.connection)
  await engine.clock.advance(5_000)
  expect(ana.row.state).toBe('active')
  await engine.clock.advance(5_000)
  expect(ana.row.state).toBe('unreachable')
  expect(await drift()).toEqual([expect.stringContaining(ana.id)])
  await engine.clock.advance(60_000)
  expect(engine.heard('drift.found')).toHaveLength(1)
})

test('S26 a connection that belongs to nobody is told to go', async () => {
  const { engine, connections, connect } = await set()
  const ana = await connect()
  await ana.close()
  await engine.clock.advance(10_000)
  expect(engine.heard('connection.orphaned')).toEqual([{ name: 'connection.orphaned', sessionId: ana.id, connection: 1 }])
  connections.remove(ana.id, 1)
  await engine.clock.advance(60_000)
  expect(engine.heard('connection.orphaned')).toHaveLength(1)
})

test('S26 what an isolate still holds of a session that ended is let go', async () => {
  const { engine, connect, drift, connections } = await set({ project: { methods: { hi: () => 'hi' } } })
  const ana = await connect()
  await ana.call('hi')
  const { closeSession } = engine.host
  engine.host.closeSession = () => undefined
  connections.remove(ana.id, 1)
  await ana.close()
  expect(engine.host.held.replicas).toBe(1)
  engine.host.closeSession = closeSession
  await engine.clock.advance(10_000)
  expect(engine.host.held.replicas).toBe(0)
  expect(await drift()).toEqual([`An isolate held session ${ana.id}, which has ended.`])
})

test('S26 the check ends with the server, and 0 means never', async () => {
  const { engine } = await set()
  expect(engine.clock.pending).toBe(1)
  await engine.stop()
  expect(engine.clock.pending).toBe(0)
  expect((await set({ checkSeconds: 0 })).engine.clock.pending).toBe(0)
})

test('S25 a quiet client that agrees is asked to give up its connection, and no other', async () => {
  const { engine, connect } = await set({ postponeAfterSeconds: 20, project: { methods: { hi: () => 'hi' } } })
  const [ana, bob] = [await connect({ mayPostpone: true }), await connect()]
  await engine.clock.advance(15_000)
  await ana.call('hi')
  await engine.clock.advance(15_000)
  expect(engine.heard('session.quiet')).toEqual([])
  await engine.clock.advance(5_000)
  expect(engine.heard('session.quiet')).toEqual([{ name: 'session.quiet', sessionId: ana.id }])
  await expect(bob.leave('postpone')).rejects.toMatchObject({ code: 'ILLEGAL_STATE' })
  expect(bob.row.state).toBe('active')
})

test('S25 nobody is asked where postponing is off', async () => {
  const { engine, connect } = await set({ postponeAfterSeconds: 0 })
  await connect({ mayPostpone: true })
  await engine.clock.advance(600_000)
  expect(engine.heard('session.quiet')).toEqual([])
})
