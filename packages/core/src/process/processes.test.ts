import { describe, expect, test } from 'vitest'
import { createGate, startTestEngine, TestEngine, type TestProject } from '../testing/index.ts'

/** A project that notes each Open and Close Connection with its arguments. */
const noting = (journal: string[], rest: TestProject = {}): TestProject => ({
  ...rest,
  database: {
    onServerOpenConnection: (scope, ...args) => {
      journal.push(`open ${args.join(' ')} ${scope.process.name}`)
    },
    onServerCloseConnection: (_scope, ...args) => {
      journal.push(`close ${args.join(' ')}`)
    },
    ...rest.database,
  },
})

describe('processes', () => {
  test('P3 Open Connection runs first in each process, with user, number and 0', async () => {
    const journal: string[] = []
    const engine = await startTestEngine({ project: noting(journal) })
    const ana = await engine.connect('ana')
    const second = await ana.process('reports')
    expect(journal).toEqual([`open 1 ${ana.welcome.mainProcess.number} 0 main`, `open 1 ${second.number} 0 reports`])
  })

  test('P4 any answer but nothing or 0 refuses the process, with number and text; other shapes and errors refuse too', async () => {
    const answers: unknown[] = [0, null, undefined]
    const engine = await startTestEngine({ project: { database: { onServerOpenConnection: () => answers.shift() } } })
    const ana = await engine.connect('ana')
    await ana.process('accepted with null')
    await ana.process('accepted with nothing')
    const refusals: [unknown, object][] = [
      [7, { code: 7 }],
      [
        { code: 3, text: 'Closed at night' },
        { code: 3, text: 'Closed at night' },
      ],
      [{ code: -2 }, { code: -2 }],
      ['no', { code: -1 }],
      [{ text: 'no code' }, { code: -1 }],
      [true, { code: -1 }],
      [[1], { code: -1 }],
    ]
    for (const [answer, returned] of refusals) {
      answers.push(answer)
      await expect(ana.process('refused')).rejects.toMatchObject({ code: 'OPEN_CONNECTION_REFUSED', returned })
    }
    expect(ana.row.processes).toBe(3)
  })

  test('P4 a refused main process refuses the session, as does an error', async () => {
    const engine = await startTestEngine({
      project: {
        database: {
          onServerOpenConnection: (scope) => {
            if (scope.session.facts().info.machineName === 'bad') return { code: 5, text: 'Not this machine' }
            throw new Error('oops')
          },
        },
      },
    })
    await expect(engine.connect('ana', { machineName: 'bad' })).rejects.toMatchObject({
      name: 'ConnectionRefused',
      code: 'OPEN_CONNECTION_REFUSED',
      message: 'Not this machine',
      returned: { code: 5, text: 'Not this machine' },
    })
    await expect(engine.connect('ana')).rejects.toMatchObject({ name: 'ConnectionRefused', code: 'OPEN_CONNECTION_REFUSED', returned: { code: -1 } })
    expect(engine.host.held).toEqual({ replicas: 0, variables: 0, inFlight: 0 })
  })

  test('P5 Close Connection runs once for each accepted process, with the same numbers', async () => {
    const journal: string[] = []
    const engine = await startTestEngine({ project: noting(journal) })
    const ana = await engine.connect('ana')
    const second = await ana.process('second')
    const third = await ana.process('third')
    await Promise.all([second.close(), second.close().catch(() => undefined), engine.operator.disconnect(ana), ana.close().catch(() => undefined)])
    const main = ana.welcome.mainProcess.number
    const closed = journal.filter((line) => line.startsWith('close')).sort()
    expect(closed).toEqual([`close 1 ${main} 0`, `close 1 ${second.number} 0`, `close 1 ${third.number} 0`].sort())
  })

  test('P5 a session ends only when the Close Connection of a process that was closing before is over', async () => {
    const gate = createGate()
    let closed = 0
    const engine = await startTestEngine({
      project: {
        database: {
          onServerCloseConnection: async (scope) => {
            await gate.passed
            await scope.session.storage.use((draft) => {
              draft[scope.process.name] = 'closed'
            })
            closed += 1
          },
        },
      },
    })
    const ana = await engine.connect('ana')
    const second = await ana.process('second')
    const closing = second.close()
    await engine.settle()
    const disconnecting = engine.operator.disconnect(ana)
    await engine.settle()
    gate.open()
    await Promise.all([closing, disconnecting])
    expect(closed).toBe(2)
    expect(engine.logger.entries).toEqual([])
    expect(engine.host.held).toEqual({ replicas: 0, variables: 0, inFlight: 0 })
  })

  test('P5 a refused process, and one that is closed while it opens, has no Close Connection', async () => {
    const gate = createGate()
    const journal: string[] = []
    const engine = await startTestEngine({
      project: noting(journal, {
        database: {
          onServerOpenConnection: async (scope) => {
            if (scope.process.name === 'refused') return 9
            if (scope.process.name === 'slow') await gate.passed
            return 0
          },
        },
      }),
    })
    const ana = await engine.connect('ana')
    await expect(ana.process('refused')).rejects.toMatchObject({ code: 'OPEN_CONNECTION_REFUSED' })
    const slow = ana.process('slow').catch((error: unknown) => error)
    await engine.settle()
    await ana.close()
    expect(await slow).toMatchObject({ code: expect.stringMatching(/SESSION_ENDED|CALL_CANCELLED/) })
    expect(journal).toEqual([`close 1 ${ana.welcome.mainProcess.number} 0`])
    gate.open()
    await engine.settle()
    expect(journal).toHaveLength(1)
  })

  test('P6 a process whose name starts with $ is refused', async () => {
    const engine = await startTestEngine({ project: { methods: { job: () => null } } })
    const ana = await engine.connect()
    await expect(ana.process('$local')).rejects.toMatchObject({ code: 'PROCESS_NAME_INVALID' })
    await expect(engine.operator.startProcedure('job', [], { name: '$local' })).rejects.toMatchObject({ code: 'PROCESS_NAME_INVALID' })
    expect(ana.row.processes).toBe(1)
  })

  test('P16 a session has at most a thousand processes', async () => {
    const engine = await startTestEngine()
    const [ana, bob] = [await engine.connect(), await engine.connect()]
    const processes = await Promise.all(Array.from({ length: 999 }, () => ana.process('more')))
    await expect(ana.process('too many')).rejects.toMatchObject({ code: 'ILLEGAL_STATE' })
    await bob.process('of another session')
    await processes[0]?.close()
    await ana.process('in its place')
    expect(ana.row.processes).toBe(1000)
  })

  test('P8 closing a process cancels what runs in it and refuses what waits', async () => {
    const gate = createGate()
    let reason: string | undefined
    const engine = await startTestEngine({
      project: {
        methods: {
          wait: async (scope) => {
            await gate.passed
            reason = scope.signal.reason
          },
        },
      },
    })
    const ana = await engine.connect()
    const second = await ana.process('second')
    const answers = Promise.allSettled([second.call('wait'), second.call('wait')])
    await engine.settle()
    await second.close()
    gate.open()
    expect(await answers).toMatchObject([{ reason: { code: 'CALL_CANCELLED' } }, { reason: { code: 'PROCESS_NOT_FOUND' } }])
    await expect(second.call('wait')).rejects.toMatchObject({ code: 'PROCESS_NOT_FOUND' })
    expect(reason).toBe('The client closed the process.')
    expect(await ana.call('wait')).toBeNull()
  })

  test('P8 the main process closes with its session, not alone', async () => {
    const engine = await startTestEngine()
    const ana = await engine.connect()
    const number = ana.welcome.mainProcess.number
    const closing = engine.engine.dispatch('process.close', { sessionId: ana.id, number }, { kind: 'client', sessionId: ana.id })
    await expect(closing).rejects.toMatchObject({ code: 'ILLEGAL_STATE' })
    await ana.lose()
    expect((await ana.resume()).mainProcess.number).toBe(number)
  })

  test('P15 onServerStartup runs once, before any client gets in', async () => {
    const gate = createGate()
    const journal: string[] = []
    const engine = new TestEngine({
      project: {
        database: {
          onServerStartup: async (scope) => {
            journal.push(`startup ${scope.session.facts().info.type}`)
            await gate.passed
          },
        },
      },
    })
    const starting = engine.start()
    await engine.settle()
    await expect(engine.connect()).rejects.toMatchObject({ name: 'ConnectionRefused', code: 'SERVER_STARTING', retryable: true })
    gate.open()
    await starting
    await engine.connect()
    await engine.publish({ database: { onServerStartup: () => journal.push('again') } })
    expect(journal).toEqual(['startup storedProcedure'])
  })

  test('P15 onServerShutdown runs once, then the stored procedures are signalled; none of it takes longer than the grace', async () => {
    const journal: string[] = []
    const never = createGate()
    const engine = await startTestEngine({
      project: {
        methods: { forever: () => never.passed },
        database: {
          onServerCloseConnection: () => never.passed,
          onServerShutdown: async () => {
            journal.push('shutdown')
            await never.passed
          },
        },
      },
    })
    await engine.connect()
    const { processId } = await engine.operator.startProcedure('forever')
    const result = engine.operator.dispatch('procedure.result', { processId }).catch((error: unknown) => error)
    const stopping = engine.stop('maintenance').then(() => journal.push('stopped'))
    await engine.clock.advance(10_000)
    expect(journal).toEqual(['shutdown'])
    await engine.clock.advance(10_000)
    expect(journal).toEqual(['shutdown'])
    await engine.clock.advance(10_000)
    expect(await result).toMatchObject({ code: 'CALL_CANCELLED', message: 'maintenance' })
    await stopping
    expect(journal).toEqual(['shutdown', 'stopped'])
    expect(engine.clock.pending).toBe(0)
  })
})
