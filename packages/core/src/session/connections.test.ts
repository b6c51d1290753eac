import { describe, expect, test } from 'vitest'
import { createGate, startTestEngine, TestEngine, type TestProject } from '../testing/index.ts'

/** A project whose Open Connection waits for the gate. */
const slowDoor = (): { project: TestProject; gate: ReturnType<typeof createGate> } => {
  const gate = createGate()
  return { gate, project: { database: { onServerOpenConnection: () => gate.passed } } }
}

const keeping: TestProject = {
  methods: {
    keep: async (scope, key, value) => {
      scope.process.variables.set(String(key), value ?? null)
      await scope.session.storage.use((draft) => {
        draft[String(key)] = value ?? null
      })
    },
    find: (scope, key) => [scope.process.variables.get(String(key)) ?? null, scope.session.storage.get(String(key)) ?? null],
  },
}

describe('connections', () => {
  test('S1 a session is pinned to the version that was current when it opened', async () => {
    const engine = await startTestEngine({ project: { methods: { which: () => 'old' } } })
    const ana = await engine.connect('ana')
    await engine.publish({ methods: { which: () => 'new' } })
    const bob = await engine.connect('bob')
    expect([await ana.call('which'), await bob.call('which')]).toEqual(['old', 'new'])
    expect([ana.row.version.outdated, bob.row.version.outdated]).toEqual([true, false])
  })

  test('S1 a session that opens while another version is published stays on the one it began with', async () => {
    const { gate, project } = slowDoor()
    const engine = await startTestEngine({ project })
    const digest = engine.packer.digestOf(project)
    const opening = engine.connect('ana')
    await engine.settle()
    await engine.publish({ methods: {} })
    gate.open()
    expect((await opening).welcome.version.digest).toBe(digest)
  })

  test('S4 a session that is refused leaves nothing behind', async () => {
    const engine = await startTestEngine({ project: { database: { onServerOpenConnection: () => 1 } }, maxClients: 1 })
    for (let attempt = 0; attempt < 3; attempt++) await expect(engine.connect('ana')).rejects.toMatchObject({ code: 'OPEN_CONNECTION_REFUSED' })
    expect((await engine.reads.server()).sessions.remote).toBe(0)
    expect(engine.host.held).toEqual({ replicas: 0, variables: 0, inFlight: 0 })
    expect(engine.heard('session.opened')).toEqual([])
    expect(engine.heard('session.closed')).toHaveLength(3)
  })

  test('S4 a session that an operator ends while it opens is refused with the reason, and leaves nothing behind', async () => {
    const { project } = slowDoor()
    const engine = await startTestEngine({ project })
    const opening = engine.connect('ana').catch((error: unknown) => error)
    await engine.settle()
    const [row] = engine.reads.sessionsWindow({
      query: { text: '', chips: ['remote'] },
      sort: { column: 'createdAt', direction: 'ascending' },
      offset: 0,
      limit: 10,
    }).rows
    expect(row).toMatchObject({ state: 'opening', counted: true })
    await engine.operator.disconnect([row?.id ?? ''], { reason: 'not now' })
    expect(await opening).toMatchObject({ name: 'ConnectionRefused', code: 'SESSION_ENDED', message: 'not now' })
    expect(engine.heard('session.opened')).toEqual([])
    expect(engine.host.held).toEqual({ replicas: 0, variables: 0, inFlight: 0 })
  })

  test('S5 a licence is taken from the first moment to the last, and by nobody who was refused', async () => {
    const { gate, project } = slowDoor()
    const engine = await startTestEngine({ project, maxClients: 2 })
    const opening = [engine.connect('ana'), engine.connect('bob')]
    await engine.settle()
    await expect(engine.connect('eve')).rejects.toMatchObject({ name: 'ConnectionRefused', code: 'LICENCES_EXHAUSTED', retryAfterMs: 60_000 })
    gate.open()
    const [ana, bob] = await Promise.all(opening)
    await ana?.lose()
    await expect(engine.connect('eve')).rejects.toMatchObject({ code: 'LICENCES_EXHAUSTED' })
    await bob?.close()
    const eve = await engine.connect('eve')
    expect(eve.row.counted).toBe(true)
    expect(await ana?.resume()).toMatchObject({ resumed: true })
  })

  test('S6 a lost client’s session is unreachable, keeps all it has and goes on computing', async () => {
    const gate = createGate()
    const engine = await startTestEngine({
      project: {
        methods: {
          work: async (scope) => {
            await gate.passed
            await scope.session.storage.use((draft) => {
              draft['done'] = true
            })
          },
        },
      },
    })
    const ana = await engine.connect('ana')
    const working = ana.call('work')
    await engine.settle()
    await ana.lose()
    expect(ana.row).toMatchObject({ state: 'unreachable', unreachableSince: '2026-01-05T08:00:00.000Z', removedAt: '2026-01-05T08:15:00.000Z' })
    gate.open()
    await working
    expect(engine.reads.storage(ana.id).slots).toMatchObject([{ slot: 'done', text: 'true' }])
    await engine.clock.advance(899_999)
    expect(ana.row.state).toBe('unreachable')
  })

  test('S6 after the grace the session closes', async () => {
    const engine = await startTestEngine({ project: keeping })
    const ana = await engine.connect('ana')
    await ana.lose()
    await engine.clock.advance(900_000)
    expect(() => ana.row).toThrow(expect.objectContaining({ code: 'SESSION_NOT_FOUND' }))
    await expect(ana.resume()).rejects.toMatchObject({ name: 'ConnectionRefused', code: 'SESSION_ENDED' })
    expect(engine.heard('session.closed')).toMatchObject([{ code: 'SESSION_ENDED', reason: 'The client did not come back in time.' }])
    expect(engine.clock.pending).toBe(0)
  })

  test('S7 a client that resumes finds its session as it was', async () => {
    const engine = await startTestEngine({ project: keeping })
    const ana = await engine.connect('ana')
    const second = await ana.process('second')
    await ana.call('keep', 'key', 'main')
    await second.call('keep', 'key', 'second')
    await engine.operator.dispatch('privileges.set', { sessionId: ana.id, names: ['none'], roles: [] })
    const before = ana.welcome
    await ana.lose()
    await engine.clock.advance(10_000)
    const after = await ana.resume(undefined, '10.0.0.99')
    expect(after).toMatchObject({
      sessionId: before.sessionId,
      version: before.version,
      mainProcess: before.mainProcess,
      userName: before.userName,
      resumed: true,
    })
    expect(after.processes).toEqual([
      { process: before.mainProcess.number, name: 'main' },
      { process: second.number, name: 'second' },
    ])
    expect(await ana.call('find', 'key')).toEqual(['main', 'second'])
    expect(await second.call('find', 'key')).toEqual(['second', 'second'])
    expect(ana.row).toMatchObject({ state: 'active', address: '10.0.0.99', unreachableSince: null, removedAt: null })
    await engine.clock.advance(10_000_000)
    expect(ana.row.state).toBe('active')
  })

  test('S8 the newest token and the one it was exchanged for are good, no other', async () => {
    const engine = await startTestEngine()
    const ana = await engine.connect('ana')
    const first = ana.welcome.resumeToken
    const { resumeToken: second } = await ana.resume(first)
    // The welcome with the second one never arrived, and neither did the next one.
    await ana.resume(first)
    await expect(ana.resume(second)).rejects.toMatchObject({ code: 'SESSION_ENDED' })
    const { resumeToken: third } = await ana.resume(first)
    const { resumeToken: fourth } = await ana.resume(third)
    await expect(ana.resume(first)).rejects.toMatchObject({ code: 'SESSION_ENDED' })
    expect(new Set([first, second, third, fourth]).size).toBe(4)
    await ana.resume(fourth)
    for (const token of ['', 'x', ana.id]) await expect(ana.resume(token)).rejects.toMatchObject({ code: 'SESSION_ENDED' })
  })

  test('S8 no token is good once the session ends, from the first moment on', async () => {
    const gate = createGate()
    const engine = await startTestEngine({ project: { database: { onServerCloseConnection: () => gate.passed } } })
    const ana = await engine.connect('ana')
    const closing = ana.close()
    await expect(ana.resume()).rejects.toMatchObject({ code: 'SESSION_ENDED' })
    gate.open()
    await closing
    await expect(ana.resume()).rejects.toMatchObject({ code: 'SESSION_ENDED' })
  })

  test('S9 a newer connection replaces the older one, whose loss means nothing', async () => {
    const engine = await startTestEngine()
    const ana = await engine.connect('ana')
    const older = ana.welcome.connection
    await ana.resume()
    expect(engine.heard('session.replaced')).toEqual([{ name: 'session.replaced', sessionId: ana.id, connection: older }])
    await ana.lose(older)
    expect(ana.row.state).toBe('active')
    await ana.lose()
    expect(ana.row.state).toBe('unreachable')
    await ana.lose()
    await ana.resume()
    expect(engine.heard('session.replaced')).toHaveLength(1)
    expect(engine.heard('session.detached')).toHaveLength(1)
  })

  test('S15 clients get in only while the server runs, and learn why not', async () => {
    const engine = new TestEngine({ project: { database: { onServerCloseConnection: () => createGate().passed } } })
    await expect(engine.connect()).rejects.toMatchObject({ name: 'ConnectionRefused', code: 'SERVER_STARTING', retryAfterMs: 1000 })
    await engine.start()
    const ana = await engine.connect('ana')
    const stopping = engine.stop('backup')
    await engine.settle()
    await expect(engine.connect()).rejects.toMatchObject({ name: 'ConnectionRefused', code: 'SERVER_STOPPING', retryAfterMs: 1000 })
    expect(engine.heard('session.closed')).toMatchObject([{ sessionId: ana.id, code: 'SERVER_STOPPING', reason: 'backup' }])
    await engine.clock.advance(60_000)
    await stopping
  })

  test('S15 a client that is checked while the server stops is not let in', async () => {
    const gate = createGate()
    const engine = await startTestEngine()
    await engine.operator.dispatch('directory.setPassword', { name: 'Designer', password: 'a long enough one' })
    const { verifyPassword } = engine.ports.hasher
    engine.ports.hasher.verifyPassword = async (password, hash) => {
      await gate.passed
      return verifyPassword(password, hash)
    }
    const opening = engine.connect('Designer', { password: 'a long enough one' }).catch((error: unknown) => error)
    await engine.settle()
    await engine.stop()
    gate.open()
    expect(await opening).toMatchObject({ name: 'ConnectionRefused', code: 'SERVER_STOPPING' })
  })

  test('S15 a client that expects another project is told which one is here', async () => {
    const engine = await startTestEngine({ project: { name: 'Shop', publication: 'Shop 2026' } })
    await expect(engine.connect('ana', { project: 'Bank' })).rejects.toMatchObject({ code: 'UNKNOWN_PROJECT', message: expect.stringContaining('Shop 2026') })
    await engine.connect('ana', { project: 'Shop' })
    await engine.connect('ana', { project: 'Shop 2026' })
  })

  test('S20 a ticket opens what its session runs, was asked to run or would get anew, and ends with it', async () => {
    const [one, two, three]: TestProject[] = [{}, {}, {}]
    const engine = await startTestEngine(one === undefined ? {} : { project: one })
    const digests = [one, two, three].map((project) => engine.packer.digestOf(project ?? {}))
    const ana = await engine.connect('ana')
    const { ticket } = ana.welcome
    expect([...(engine.reads.ticket(ticket) ?? [])]).toEqual([digests[0]])
    await engine.publish(two ?? {})
    await engine.operator.reload(ana)
    await engine.publish(three ?? {})
    expect([...(engine.reads.ticket(ticket) ?? [])]).toEqual(digests)
    const moved = await ana.move(engine.reads.pendingReload(ana.id)?.version.id ?? '')
    expect(engine.reads.ticket(ticket)).toBeNull()
    expect([...(engine.reads.ticket(moved.ticket) ?? [])]).toEqual([digests[1], digests[2]])
    await ana.close()
    expect(engine.reads.ticket(moved.ticket)).toBeNull()
    expect(engine.reads.ticket('nonsense')).toBeNull()
  })
})
