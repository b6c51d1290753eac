import { describe, expect, test } from 'vitest'
import { createGate, startTestEngine, type TestEngine, type TestProject } from '../testing/index.ts'

const rolesOf = (...names: string[]): string => JSON.stringify({ privileges: names.map((privilege) => ({ privilege })), permissions: { allowed: [] } })

const keeping = (rest: TestProject = {}): TestProject => ({
  roles: rolesOf('Sales', 'Stock'),
  ...rest,
  methods: {
    keep: async (scope, slot, value) => {
      scope.process.variables.set(String(slot), value ?? null)
      await scope.session.storage.use((draft) => {
        draft[String(slot)] = value ?? undefined
      })
    },
    find: (scope, slot) => [scope.process.variables.get(String(slot)) ?? null, scope.session.storage.get(String(slot)) ?? null],
    which: (scope) => scope.digest,
    ...rest.methods,
  },
})

const killed = async (engine: TestEngine): Promise<TestEngine> => {
  const next = engine.kill()
  await next.start()
  return next
}

/** Everything of a row that a restart must not change. */
const lasting = ({ client }: { client: { row: object } }): object => {
  const {
    state: _state,
    stateSince: _since,
    unreachableSince: _unreachable,
    removedAt: _removed,
    lastActivityAt: _activity,
    ...row
  } = client.row as never as Record<string, unknown>
  const { restored: _restored, processList, calls: _calls, errors: _errors, ...rest } = row
  return { ...rest, processes: (processList as { id: string; number: number; name: string }[]).map(({ id, number, name }) => ({ id, number, name })) }
}

describe('a server that was killed', () => {
  test('S22 puts every session back with its id, storage, privileges, version, processes and place', async () => {
    const engine = await startTestEngine({ project: keeping() })
    const ana = await engine.connect('ana', { machineName: 'desk-7', systemUserName: 'ana.os', hostType: 'mac', address: '10.1.2.3' })
    const second = await ana.process('second')
    await ana.call('keep', 'cart', { lines: [1, 2] })
    await second.call('keep', '__proto__', 'harmless')
    await ana.call('keep', 'gone', 1)
    await ana.call('keep', 'gone', null)
    await engine.operator.setPrivileges(ana, ['sales'])
    await engine.operator.setSlot(ana, 'note', 'by the console')
    const [before, storage] = [lasting({ client: ana }), engine.reads.storage(ana.id)]
    const next = await killed(engine)
    ana.follow(next.engine)
    expect(lasting({ client: ana })).toEqual(before)
    expect(next.reads.storage(ana.id)).toEqual(storage)
    expect(ana.row).toMatchObject({ state: 'unreachable', restored: true, removedAt: new Date(next.clock.now() + 900_000).toISOString() })
    expect(next.heard('session.restored')).toEqual([{ name: 'session.restored', sessionId: ana.id }])
  })

  test('S23 its clients resume; the variables of their processes are gone, and they are told', async () => {
    const engine = await startTestEngine({ project: keeping() })
    const ana = await engine.connect('ana')
    const second = await ana.process('second')
    await ana.call('keep', 'x', 1)
    await second.call('keep', 'y', 2)
    expect(ana.welcome.restarted).toBe(false)
    const next = await killed(engine)
    expect(next.heard('process.restarted').map(({ sessionId }) => sessionId)).toEqual([ana.id, ana.id])
    const welcome = await ana.follow(next.engine).resume()
    expect(welcome).toMatchObject({
      sessionId: ana.id,
      resumed: true,
      restarted: true,
      processes: [{ name: 'main' }, { name: 'second', process: second.number }],
    })
    expect(await ana.call('find', 'x')).toEqual([null, 1])
    expect(await ana.callIn(second.number, 'find', 'y')).toEqual([null, 2])
    // A welcome that never arrived is no welcome.
    expect((await ana.resume()).restarted).toBe(true)
    await ana.confirm()
    expect((await ana.resume()).restarted).toBe(false)
    expect((await ana.process('third')).number).toBeGreaterThan(second.number)
  })

  test('S23 a session whose client does not come back in time closes, with Close Connection in each process', async () => {
    const farewells: number[] = []
    const database: NonNullable<TestProject['database']> = {
      onServerCloseConnection: (scope) => {
        farewells.push(scope.process.number)
      },
    }
    const engine = await startTestEngine({ project: keeping({ database }) })
    const ana = await engine.connect('ana')
    const second = await ana.process('second')
    const next = await killed(engine)
    await next.clock.advance(899_999)
    expect(farewells).toEqual([])
    await next.clock.advance(1)
    expect(farewells.sort()).toEqual([ana.welcome.mainProcess.number, second.number].sort())
    await expect(ana.follow(next.engine).resume()).rejects.toMatchObject({ code: 'SESSION_ENDED', message: expect.stringContaining('did not come back') })
    expect((await next.journal.load()).sessions.size).toBe(1)
  })

  test('S22 a session that never opened, and one that ended, are not there', async () => {
    const gate = createGate()
    const engine = await startTestEngine({
      project: keeping({
        database: {
          onServerOpenConnection: async (scope) => {
            await scope.session.storage.use((draft) => {
              draft['early'] = true
            })
            await (scope.process.number === 2 ? undefined : gate.passed)
          },
        },
      }),
    })
    const ana = await engine.connect('ana')
    await ana.close()
    void engine.connect('bob').catch(() => undefined)
    await engine.settle()
    const next = await killed(engine)
    expect((await next.reads.server()).sessions).toMatchObject({ remote: 0, storedProcedures: 1 })
    expect([...(await next.journal.load()).sessions.keys()]).toEqual([next.reads.proceduresSession()])
  })

  test('S22 the stored procedures’ session goes on with its id and its storage; a server that was stopped leaves nothing', async () => {
    const engine = await startTestEngine({ project: keeping() })
    const { processId } = await engine.operator.startProcedure('keep', ['queue', [1, 2, 3]])
    await engine.operator.dispatch('procedure.result', { processId })
    const id = engine.reads.proceduresSession()
    const next = await killed(engine)
    expect(next.reads.proceduresSession()).toBe(id)
    expect(next.reads.storage(id).slots).toMatchObject([{ slot: 'queue', text: '[1,2,3]', changedBy: 'keep' }])
    await next.stop()
    expect((await next.journal.load()).sessions.size).toBe(0)
  })

  test('V13, S22 sessions stay on the version that they ran, also where the folder has changed meanwhile', async () => {
    const engine = await startTestEngine({ project: keeping() })
    const ana = await engine.connect('ana')
    const { version: two } = await engine.publish(keeping())
    const bob = await engine.connect('bob')
    await engine.operator.reload(ana)
    await engine.publish(keeping())
    const next = engine.kill()
    next.edit(keeping())
    await next.start()
    expect((await next.reads.versions()).versions.map(({ id, state }) => [id, state])).toEqual([
      ['20260105.4', 'current'],
      ['20260105.3', 'retired'],
      [two.id, 'draining'],
      ['20260105.1', 'draining'],
    ])
    await ana.follow(next.engine).resume()
    await bob.follow(next.engine).resume()
    expect([await ana.call('which'), await bob.call('which')]).toEqual([ana.welcome.version.digest, two.digest])
    expect(next.reads.pendingReload(ana.id)?.version.id).toBe(two.id)
    await ana.move(two.id)
    await ana.close()
    await bob.close()
    expect((await next.reads.versions()).versions.map(({ state }) => state)).toEqual(['current', 'retired', 'retired', 'retired'])
    expect(next.host.isolates()).toHaveLength(1)
  })

  test('V13, S22 a package that was published again keeps its latest id, whatever the first one was', async () => {
    const [one, two] = [keeping(), keeping()]
    const engine = await startTestEngine({ project: one })
    const ana = await engine.connect('ana')
    const { version } = await engine.publish(two)
    await ana.move(version.id)
    await engine.publish(one)
    const bob = await engine.connect('bob')
    const next = await killed(engine)
    expect((await next.reads.versions()).versions.map(({ id, state }) => [id, state])).toEqual([
      ['20260105.3', 'current'],
      ['20260105.2', 'draining'],
      ['20260105.1', 'retired'],
    ])
    expect(next.host.faults).toEqual([])
    expect(await bob.follow(next.engine).resume()).toMatchObject({ version: { id: '20260105.3' } })
  })

  test('S22 where its version cannot be started any more a session goes on with the current one, and that is told', async () => {
    const engine = await startTestEngine({ project: keeping() })
    const ana = await engine.connect('ana')
    await ana.call('keep', 'x', 1)
    const next = engine.kill()
    const old = ana.welcome.version.digest
    await next.packages.remove(old)
    next.edit(keeping())
    await next.start()
    const welcome = await ana.follow(next.engine).resume()
    expect(welcome.version.digest).not.toBe(old)
    expect(await ana.call('find', 'x')).toEqual([null, 1])
    expect((await next.reads.server()).restartProblems).toEqual([expect.stringContaining('goes on with the current one')])
  })

  test('P5, S24 a session that was ending ends; Close Connection that had begun is not begun again, and that is told', async () => {
    const gate = createGate()
    const begun: number[] = []
    const database: NonNullable<TestProject['database']> = {
      onServerCloseConnection: async (scope) => {
        begun.push(scope.process.number)
        await gate.passed
      },
    }
    const engine = await startTestEngine({ project: keeping({ database }) })
    const ana = await engine.connect('ana')
    const second = await ana.process('second')
    const third = await ana.process('third')
    void third.close().catch(() => undefined)
    await engine.settle()
    engine.journal.hold()
    void ana.close().catch(() => undefined)
    await engine.settle()
    // The end of the session, and that Close Connection begins in its main process: no more gets through.
    await engine.journal.release(1)
    await engine.settle()
    await engine.journal.release(1)
    await engine.settle()
    expect(begun).toEqual([third.number, ana.welcome.mainProcess.number])
    const next = await killed(engine)
    await next.settle()
    expect(begun).toEqual([third.number, ana.welcome.mainProcess.number, second.number])
    expect(next.heard('process.closeInterrupted').map(({ number }) => number)).toEqual([third.number, ana.welcome.mainProcess.number].sort())
    expect((await next.reads.server()).restartProblems).toEqual([expect.stringContaining('CLOSE_INTERRUPTED'), expect.stringContaining('CLOSE_INTERRUPTED')])
    await expect(ana.follow(next.engine).resume()).rejects.toMatchObject({ code: 'SESSION_ENDED' })
    gate.open()
    await next.settle()
    expect((await next.reads.server()).sessions.remote).toBe(0)
    expect((await next.journal.load()).sessions.size).toBe(1)
  })

  test('S8 a crash between the making of a token and its delivery loses nothing: the one before is good', async () => {
    const engine = await startTestEngine({ project: keeping() })
    const ana = await engine.connect('ana')
    const first = ana.welcome.resumeToken
    engine.journal.hold()
    void ana.resume().catch(() => undefined)
    await engine.settle()
    const next = await killed(engine)
    ana.follow(next.engine)
    const { resumeToken: second } = await ana.resume(first)
    // Delivered, kept, and never used: both are good.
    const last = await killed(next)
    ana.follow(last.engine)
    await ana.resume(first)
    await ana.confirm()
    await expect(ana.resume(first)).rejects.toMatchObject({ code: 'SESSION_ENDED' })
    await expect(ana.resume(second)).rejects.toMatchObject({ code: 'SESSION_ENDED' })
  })

  test('S25 a machine that sleeps, and a client that was postponed, keep their time', async () => {
    const engine = await startTestEngine({ project: keeping() })
    const [ana, bob] = [await engine.connect('ana'), await engine.connect('bob', { mayPostpone: true })]
    await ana.leave('sleep')
    await bob.leave('postpone')
    const until = [ana, bob].map(({ row: { state, removedAt, stateSince } }) => ({ state, removedAt, stateSince }))
    await engine.clock.advance(60_000)
    const next = await killed(engine)
    for (const client of [ana, bob]) client.follow(next.engine)
    expect([ana, bob].map(({ row: { state, removedAt, stateSince } }) => ({ state, removedAt, stateSince }))).toEqual(until)
    await bob.resume()
    const last = await killed(next)
    expect(bob.follow(last.engine).row.state).toBe('unreachable')
  })

  test('O10 one-time tokens, their counts and shares survive', async () => {
    const engine = await startTestEngine({ project: keeping() })
    const ana = await engine.connect('ana')
    const create = () =>
      engine.engine.dispatch(
        'otp.create',
        { sessionId: ana.id, lifespanSeconds: 600, purpose: 'web-share', path: null },
        { kind: 'code', sessionId: ana.id, processId: ana.welcome.mainProcess.id },
      )
    const edge = { kind: 'edge', address: '10.0.0.2' } as const
    const redeem = (server: TestEngine, token: string) =>
      server.engine.dispatch('otp.redeem', { token, path: '/', address: '10.0.0.2', userAgent: 'test' }, edge)
    const [used, live] = [await create(), await create()]
    const share = await redeem(engine, used.token)
    const next = await killed(engine)
    ana.follow(next.engine)
    expect(ana.row).toMatchObject({ otps: { live: 1, issued: 2, redeemed: 1 }, shares: [{ address: '10.0.0.2', userAgent: 'test' }] })
    expect(await next.engine.dispatch('web.find', { token: share?.token ?? '' }, edge)).toMatchObject({ sessionId: ana.id, kind: 'share' })
    expect(await redeem(next, used.token)).toBeNull()
    expect(await redeem(next, live.token)).toMatchObject({ sessionId: ana.id })
    expect(ana.row.otps).toMatchObject({ live: 0, redeemed: 2, replayed: 1 })
  })

  test('S16 messages that nobody received yet are still there', async () => {
    const engine = await startTestEngine({ project: keeping() })
    const ana = await engine.connect('ana')
    await ana.lose()
    await engine.operator.message(ana, 'one')
    await engine.operator.message(ana, 'two')
    await ana.received(1)
    const next = await killed(engine)
    ana.follow(next.engine)
    await next.operator.message(ana, 'three')
    expect((await ana.resume()).messages).toMatchObject([
      { number: 2, text: 'two' },
      { number: 3, text: 'three' },
    ])
  })

  test('S22 a part that this version cannot read leaves its session out, not away', async () => {
    const engine = await startTestEngine({ project: keeping() })
    const [ana, bob] = [await engine.connect('ana'), await engine.connect('bob')]
    await engine.journal.append([{ session: ana.id, part: 'slot:x', text: 'written by a later version' }])
    const next = await killed(engine)
    expect(
      next.reads.sessions({ query: { text: '', chips: ['remote'] }, sort: { column: 'createdAt', direction: 'ascending' }, limit: 10, cursor: null }).rows,
    ).toMatchObject([{ id: bob.id }])
    expect((await next.reads.server()).restartProblems).toEqual([expect.stringContaining(ana.id)])
    expect((await next.journal.load()).sessions.has(ana.id)).toBe(true)
  })

  test('S15 nobody resumes before onServerStartup has returned', async () => {
    const gate = createGate()
    const engine = await startTestEngine({ project: keeping() })
    const ana = await engine.connect('ana')
    const next = engine.kill()
    next.edit(keeping({ database: { onServerStartup: () => gate.passed } }))
    const starting = next.start()
    await next.settle()
    await expect(ana.follow(next.engine).resume()).rejects.toMatchObject({ code: 'SERVER_STARTING', retryAfterMs: 1000 })
    gate.open()
    await starting
    expect(await ana.resume()).toMatchObject({ restarted: true })
  })
})

describe('what else a restart must not forget', () => {
  test('S24 a session that an operator ends does not come back, though calls still ran in it', async () => {
    const gate = createGate()
    const engine = await startTestEngine({ project: keeping({ methods: { wait: () => gate.passed } }) })
    const ana = await engine.connect('ana')
    void ana.call('wait').catch(() => undefined)
    await engine.settle()
    void engine.operator.end(ana, { graceSeconds: 600 })
    await engine.settle()
    expect(ana.row.state).toBe('draining')
    const next = await killed(engine)
    await expect(ana.follow(next.engine).resume()).rejects.toMatchObject({ code: 'SESSION_ENDED' })
  })

  test('S4, P5, S24 a session that is dropped while its opening is being kept ends once, also through a kill', async () => {
    const gate = createGate()
    const begun: number[] = []
    const database: NonNullable<TestProject['database']> = {
      onServerCloseConnection: async (scope) => {
        begun.push(scope.process.number)
        await gate.passed
      },
    }
    const engine = await startTestEngine({ project: keeping({ database }) })
    engine.journal.hold()
    void engine.connect('ana').catch(() => undefined)
    await engine.settle()
    void engine.operator.disconnect({})
    await engine.settle()
    for (let step = 0; step < 3; step++) {
      await engine.journal.release(1)
      await engine.settle()
    }
    const next = await killed(engine)
    await next.clock.advance(2_000_000)
    expect(begun).toHaveLength(1)
    expect((await next.reads.server()).sessions.remote).toBe(0)
  })

  test('S23 the time that onServerStartup takes is not taken from the clients', async () => {
    const gate = createGate()
    const engine = await startTestEngine({ project: keeping(), graceSeconds: 60 })
    const ana = await engine.connect('ana')
    const next = engine.kill()
    next.edit(keeping({ database: { onServerStartup: () => gate.passed } }))
    const starting = next.start()
    await next.clock.advance(100_000)
    expect(next.clock.pending).toBe(0)
    gate.open()
    await starting
    await next.clock.advance(59_000)
    expect(await ana.follow(next.engine).resume()).toMatchObject({ resumed: true })
  })

  test('E5 a server that is stopped while it starts leaves its sessions to the next one, and no timer', async () => {
    const engine = await startTestEngine({ project: keeping() })
    const ana = await engine.connect('ana')
    const next = engine.kill()
    next.edit(keeping({ database: { onServerStartup: () => createGate().passed } }))
    void next.start().catch(() => undefined)
    await next.settle()
    const stopping = next.stop()
    await next.clock.advance(60_000)
    await stopping
    expect(next.clock.pending).toBe(0)
    const last = next.kill()
    last.edit(keeping())
    await last.start()
    expect(await ana.follow(last.engine).resume()).toMatchObject({ resumed: true })
  })

  test('S26, S24 a connection is no ghost while its session cannot be ended for want of room', async () => {
    const engine = await startTestEngine({ project: keeping(), checkSeconds: 5 })
    const ana = await engine.connect('ana')
    engine.ports.connections.add(ana.id, ana.welcome.connection)
    engine.journal.fill()
    void engine.operator.disconnect(ana)
    await engine.clock.advance(30_000)
    expect(engine.heard('connection.orphaned')).toEqual([])
  })

  test('V7 calls that wait for a move that fails run where they are', async () => {
    const engine = await startTestEngine({ project: keeping() })
    const ana = await engine.connect('ana')
    const { version } = await engine.publish(keeping())
    await engine.operator.reload(ana)
    engine.journal.hold()
    const moving = ana.move(version.id).catch((error: unknown) => error)
    await engine.settle()
    const call = ana.call('which')
    engine.journal.fail()
    expect(await moving).toMatchObject({ code: 'JOURNAL_UNWRITABLE' })
    expect(await call).toBe(ana.welcome.version.digest)
  })

  test('S25 a transport that goes while the sleep is being kept is no loss; a confirm does not wake the sleeper', async () => {
    const engine = await startTestEngine({ project: keeping() })
    const ana = await engine.connect('ana')
    engine.journal.hold()
    const [leaving, confirming] = [ana.leave('sleep'), ana.confirm()]
    await engine.settle()
    await ana.lose()
    expect(ana.row.state).toBe('sleeping')
    await engine.journal.release()
    await Promise.all([leaving, confirming])
    const next = await killed(engine)
    expect(ana.follow(next.engine).row.state).toBe('sleeping')
  })
})

describe('a journal that cannot be written', () => {
  test('S21 refuses what it cannot keep; nothing of it happened, and all goes on once there is room', async () => {
    const engine = await startTestEngine({ project: keeping() })
    const ana = await engine.connect('ana')
    await ana.call('keep', 'x', 1)
    engine.journal.fill()
    const unwritable = { code: 'JOURNAL_UNWRITABLE' }
    await expect(engine.connect('bob')).rejects.toMatchObject({ code: 'JOURNAL_UNWRITABLE' })
    await expect(ana.call('keep', 'x', 2)).rejects.toMatchObject(unwritable)
    await expect(engine.operator.setSlot(ana, 'x', 3)).rejects.toMatchObject(unwritable)
    await expect(engine.operator.setPrivileges(ana, ['Sales'])).rejects.toMatchObject(unwritable)
    await expect(ana.process('more')).rejects.toMatchObject(unwritable)
    await expect(ana.resume()).rejects.toMatchObject(unwritable)
    expect(await engine.operator.message(ana, 'hi')).toMatchObject({ results: [{ ok: false, error: unwritable }] })
    expect(ana.row).toMatchObject({ state: 'active', privileges: [], processes: 1, waitingMessages: 0 })
    expect(engine.reads.storage(ana.id)).toMatchObject({ clock: 1, slots: [{ text: '1' }] })
    expect((await engine.reads.server()).sessions.remote).toBe(1)
    await engine.journal.release()
    await ana.call('keep', 'x', 4)
    expect(engine.reads.storage(ana.id)).toMatchObject({ clock: 2, slots: [{ text: '4' }] })
    await engine.connect('bob')
  })

  test('S24, P5 a session ends, and Close Connection begins, once that can be kept; until then it takes no calls', async () => {
    const farewells: string[] = []
    const database: NonNullable<TestProject['database']> = {
      onServerCloseConnection: () => {
        farewells.push('bye')
      },
    }
    const engine = await startTestEngine({ project: keeping({ database }) })
    const ana = await engine.connect('ana')
    engine.journal.fill()
    const closing = engine.operator.disconnect(ana)
    await engine.settle()
    await engine.clock.advance(5_000)
    await expect(ana.call('which')).rejects.toMatchObject({ code: 'SESSION_ENDED' })
    const resuming = ana.resume().catch((error: unknown) => error)
    expect([engine.heard('session.closed'), farewells]).toEqual([[], []])
    await engine.journal.release()
    await engine.clock.advance(1_000)
    await closing
    expect(await resuming).toMatchObject({ code: 'SESSION_ENDED' })
    expect(engine.heard('session.closed')).toHaveLength(1)
    expect(farewells).toEqual(['bye'])
    expect(engine.clock.pending).toBe(0)
  })
})
