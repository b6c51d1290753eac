import { describe, expect, test } from 'vitest'
import { createGate, startTestEngine, type TestProject } from '../testing/index.ts'

const rolesOf = (...names: string[]): string =>
  JSON.stringify({ privileges: names.map((privilege) => ({ privilege })), roles: [], permissions: { allowed: [] } })

const named = (name: string, rest: TestProject = {}): TestProject => ({
  ...rest,
  methods: {
    which: () => name,
    keep: async (scope, value) => {
      scope.process.variables.set('kept', value ?? null)
      await scope.session.storage.use((draft) => {
        draft['kept'] = value ?? null
      })
    },
    find: (scope) => [scope.process.variables.get('kept') ?? null, scope.session.storage.get('kept') ?? null, [...scope.session.facts().privileges]],
    ...rest.methods,
  },
})

describe('moves', () => {
  test('V6 a forced reload keeps the session: id, storage, privileges, processes and their variables', async () => {
    const engine = await startTestEngine({ project: named('old', { roles: rolesOf('Sales') }) })
    const ana = await engine.connect('ana')
    const second = await ana.process('second')
    await engine.operator.setPrivileges(ana, ['sales'])
    await ana.call('keep', 1)
    await second.call('keep', 2)
    const { version } = await engine.publish(named('new', { roles: rolesOf('Sales') }))
    expect(await engine.operator.reload(ana, { graceSeconds: 30, reason: 'fix' })).toMatchObject({ results: [{ ok: true }] })
    const deadlineAt = engine.clock.now() + 30_000
    expect(engine.heard('session.reloadRequested')).toEqual([
      { name: 'session.reloadRequested', sessionId: ana.id, version, deadlineAt, graceMs: 30_000, reason: 'fix' },
    ])
    expect(ana.row.pendingReload).toEqual({ version: version.id, deadlineAt: new Date(deadlineAt).toISOString(), reason: 'fix' })
    const before = ana.row
    expect(await ana.move(version.id)).toMatchObject({ version })
    expect(await ana.call('which')).toBe('new')
    expect(await ana.call('find')).toEqual([1, 2, ['Sales']])
    expect(await second.call('find')).toEqual([2, 2, ['Sales']])
    expect(ana.row).toMatchObject({
      id: before.id,
      processes: before.processes,
      createdAt: before.createdAt,
      pendingReload: null,
      version: { outdated: false },
    })
    expect(engine.heard('session.moved')).toMatchObject([{ sessionId: ana.id, to: version.id }])
  })

  test('V7 a session moves when nothing runs in it; calls that come meanwhile wait and run on the new version', async () => {
    const gate = createGate()
    const slow = (name: string): TestProject =>
      named(name, {
        methods: {
          slow: async () => {
            await gate.passed
            return name
          },
        },
      })
    const engine = await startTestEngine({ project: slow('old') })
    const ana = await engine.connect('ana')
    const second = await ana.process('second')
    const running = ana.call('slow')
    const queued = ana.call('which')
    await engine.settle()
    const { version } = await engine.publish(slow('new'))
    const moving = ana.move(version.id)
    await engine.settle()
    const waiting = [second.call('which'), ana.call('which'), ana.process('third')]
    await engine.settle()
    expect(engine.heard('session.moved')).toEqual([])
    gate.open()
    expect(await running).toBe('old')
    expect(await queued).toBe('old')
    await moving
    expect((await Promise.all(waiting)).slice(0, 2)).toEqual(['new', 'new'])
  })

  test('V7 a move waits for the Close Connection of a process that is closing', async () => {
    const gate = createGate()
    const engine = await startTestEngine({ project: named('old', { database: { onServerCloseConnection: () => gate.passed } }) })
    const ana = await engine.connect('ana')
    const second = await ana.process('second')
    const closing = second.close()
    await engine.settle()
    const { version } = await engine.publish(named('new'))
    const moving = ana.move(version.id)
    await engine.settle()
    expect(engine.heard('session.moved')).toEqual([])
    gate.open()
    await Promise.all([closing, moving])
    expect(engine.logger.entries).toEqual([])
    expect(engine.host.faults).toEqual([])
  })

  test('V7 a Close Connection that begins while the move is being kept may change its session', async () => {
    const engine = await startTestEngine({
      project: named('old', {
        roles: rolesOf('Sales'),
        database: {
          onServerCloseConnection: async (scope) => {
            await scope.ask({ kind: 'privileges.set', names: ['Sales'], roles: [] })
          },
        },
      }),
    })
    const ana = await engine.connect('ana')
    const second = await ana.process('second')
    const { version } = await engine.publish(named('new', { roles: rolesOf('Sales') }))
    engine.journal.hold()
    const moving = ana.move(version.id)
    await engine.settle()
    const closing = second.close()
    await engine.settle()
    await engine.journal.release()
    await Promise.all([moving, closing])
    expect(await ana.call('find')).toEqual([null, null, ['Sales']])
    expect(await ana.call('which')).toBe('new')
  })

  test('V7 a session that ends while it moves lets both versions go', async () => {
    const engine = await startTestEngine({ project: named('old', { methods: { wait: () => createGate().passed } }) })
    const ana = await engine.connect('ana')
    const call = ana.call('wait').catch((error: unknown) => error)
    await engine.settle()
    const { version } = await engine.publish(named('new'))
    const moving = ana.move(version.id).catch((error: unknown) => error)
    await engine.settle()
    const late = ana.call('which').catch((error: unknown) => error)
    await engine.operator.disconnect(ana)
    expect(await moving).toMatchObject({ code: 'SESSION_ENDED' })
    expect(await call).toMatchObject({ code: 'CALL_CANCELLED' })
    expect(await late).toMatchObject({ code: 'SESSION_ENDED' })
    await engine.publish(named('newest'))
    expect((await engine.reads.versions()).versions.map(({ state }) => state)).toEqual(['current', 'retired', 'retired'])
    expect(engine.host.isolates()).toHaveLength(1)
  })

  test('V7 a client that is lost while it moves is told of the version again when it comes back', async () => {
    const gate = createGate()
    const engine = await startTestEngine({ project: named('old', { methods: { wait: () => gate.passed } }) })
    const ana = await engine.connect('ana')
    const call = ana.call('wait')
    await engine.settle()
    const { version } = await engine.publish(named('new'))
    const moving = ana.move(version.id)
    await engine.settle()
    await ana.lose()
    await ana.resume()
    expect(engine.reads.pendingReload(ana.id)?.version.id).toBe(version.id)
    const again = ana.move(version.id)
    gate.open()
    await Promise.all([call, moving, again])
    expect(engine.heard('session.moved')).toHaveLength(1)
    expect(engine.reads.pendingReload(ana.id)).toBeNull()
  })

  test('V11 a version that a client was asked to run lives until the client is there', async () => {
    const engine = await startTestEngine({ project: named('one') })
    const ana = await engine.connect('ana')
    const { version: two } = await engine.publish(named('two'))
    await engine.operator.reload(ana)
    await engine.publish(named('three'))
    expect(await ana.move(two.id)).toMatchObject({ version: two })
    expect(await ana.call('which')).toBe('two')
    await ana.close()
    expect((await engine.reads.versions()).versions.map(({ state }) => state)).toEqual(['current', 'retired', 'retired'])
  })

  test('V11 asked for another version, or ended, it lets the first one go', async () => {
    const engine = await startTestEngine({ project: named('one') })
    const [ana, bob] = [await engine.connect('ana'), await engine.connect('bob')]
    const { version: two } = await engine.publish(named('two'))
    await engine.operator.reload([ana.id, bob.id])
    const { version: three } = await engine.publish(named('three'))
    const stateOf = async (id: string) => (await engine.reads.versions()).versions.find((version) => version.id === id)?.state
    await engine.operator.reload(ana)
    expect(await stateOf(two.id)).toBe('draining')
    await bob.close()
    expect(await stateOf(two.id)).toBe('retired')
    await ana.move(three.id)
    expect(engine.host.isolates()).toHaveLength(1)
  })

  test('V11 asked for another version while it moves, it moves and is still asked', async () => {
    const gate = createGate()
    const engine = await startTestEngine({ project: named('one', { methods: { wait: () => gate.passed } }) })
    const ana = await engine.connect('ana')
    const call = ana.call('wait')
    await engine.settle()
    const { version: two } = await engine.publish(named('two'))
    await engine.operator.reload(ana)
    const moving = ana.move(two.id)
    await engine.settle()
    const { version: three } = await engine.publish(named('three'))
    await engine.operator.reload(ana)
    gate.open()
    await Promise.all([call, moving])
    expect(await ana.call('which')).toBe('two')
    expect(ana.row.pendingReload?.version).toBe(three.id)
    await ana.move(three.id)
    expect(engine.host.isolates()).toHaveLength(1)
    expect(engine.host.faults).toEqual([])
  })

  test('V15 a reload of all that match leaves out those that run the version already', async () => {
    const engine = await startTestEngine({ project: named('old') })
    const ana = await engine.connect('ana')
    const { version } = await engine.publish(named('new'))
    const bea = await engine.connect('bea')
    expect(await engine.operator.reload({ text: '' })).toMatchObject({ results: [{ id: ana.id, ok: true }] })
    expect(engine.heard('session.reloadRequested')).toHaveLength(1)
    expect(await engine.operator.reload(bea)).toMatchObject({ results: [{ id: bea.id, ok: false, error: { code: 'ILLEGAL_STATE' } }] })
    expect(bea.row.version.id).toBe(version.id)
  })

  test('V14 a client moves to the version it was asked to run, or to the current one, and no other', async () => {
    const engine = await startTestEngine({ project: named('one') })
    const [ana, bob, eve] = [await engine.connect('ana'), await engine.connect('bob'), await engine.connect('eve')]
    const one = ana.welcome.version.id
    const { version: two } = await engine.publish(named('two'))
    await bob.move(two.id)
    const { version: three } = await engine.publish(named('three'))
    await expect(ana.move(two.id)).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
    await expect(ana.move('20260105.99')).rejects.toMatchObject({ code: 'VERSION_NOT_FOUND' })
    expect(await ana.move(one)).toMatchObject({ version: { id: one } })
    await engine.operator.reload(eve, { version: two.id })
    await eve.move(two.id)
    expect(await eve.call('which')).toBe('two')
    await ana.move(three.id)
    expect(await engine.operator.reload(ana)).toMatchObject({ results: [{ ok: false, error: { code: 'ILLEGAL_STATE' } }] })
  })

  test('V14 asked twice at once, it moves once', async () => {
    const gate = createGate()
    const engine = await startTestEngine({ project: named('one', { methods: { wait: () => gate.passed } }) })
    const ana = await engine.connect('ana')
    const call = ana.call('wait')
    await engine.settle()
    const { version } = await engine.publish(named('two'))
    const moves = [1, 2, 3].map(() => ana.move(version.id))
    await engine.settle()
    gate.open()
    await call
    expect((await Promise.all(moves)).map((moved) => moved.version.id)).toEqual([version.id, version.id, version.id])
    expect(engine.heard('session.moved')).toHaveLength(1)
  })

  test('A11 privileges follow the roles of the server, whatever version a session runs: what they do not declare is not held', async () => {
    const engine = await startTestEngine({ project: named('one', { roles: rolesOf('Sales', 'Stock') }) })
    const ana = await engine.connect('ana')
    await engine.operator.setPrivileges(ana, ['Sales', 'Stock'])
    const { version: two } = await engine.publish(named('two', { roles: rolesOf('Stock') }))
    expect(await ana.call('find')).toEqual([null, null, ['Stock']])
    await ana.move(two.id)
    expect(ana.row).toMatchObject({ privileges: ['Stock'], privilegesSet: ['Stock', 'sales'] })
    expect(await ana.call('find')).toEqual([null, null, ['Stock']])
    await engine.publish(named('three', { roles: rolesOf('Sales', 'Stock') }))
    expect(await ana.call('find')).toEqual([null, null, ['Sales', 'Stock']])
    expect(ana.row).toMatchObject({ version: { outdated: true }, privileges: ['Sales', 'Stock'] })
  })
})
