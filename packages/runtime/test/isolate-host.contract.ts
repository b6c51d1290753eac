import { asDigest, type IsolateHost, type Logger, usualExecution } from '@tessera/core'
import { MethodError, TesseraError } from '@tessera/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FixtureHalf, writeHalf } from './fixture-half.ts'
import { fixtureMethods } from './fixture-methods.ts'
import { TinyEngine } from './tiny-engine.ts'

export interface LoggedLine {
  level: string
  message: string
  fields: unknown
}

export const recordingLogger = (lines: LoggedLine[]): Logger => ({
  info: (message, fields) => lines.push({ level: 'info', message, fields }),
  warn: (message, fields) => lines.push({ level: 'warn', message, fields }),
  error: (message, fields) => lines.push({ level: 'error', message, fields }),
})

export const eventually = async (check: () => boolean, withinMs = 5_000): Promise<void> => {
  for (const end = Date.now() + withinMs; !check(); ) {
    if (Date.now() > end) throw new Error('This did not become true in time.')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** What every isolate host does, whatever its isolates run in. */
export const isolateHostContract = (kind: string, createHost: (logger: Logger) => IsolateHost): void => {
  describe(`isolate host: ${kind}`, () => {
    const lines: LoggedLine[] = []
    let half: FixtureHalf
    let host: IsolateHost
    let engine: TinyEngine

    beforeAll(async () => {
      half = await writeHalf(fixtureMethods)
      host = createHost(recordingLogger(lines))
      engine = new TinyEngine(host, asDigest(`c0ffee-${kind}`))
      await host.openVersion({ digest: engine.digest, directory: half.directory, execution: usualExecution })
    }, 30_000)

    afterAll(async () => {
      await host.stop()
      await half.remove()
    })

    const failureOf = async (call: Promise<unknown>): Promise<TesseraError> => {
      const error: unknown = await call.then(
        () => null,
        (thrown: unknown) => thrown,
      )
      if (error instanceof TesseraError) return error
      throw new Error('The call did not fail.')
    }

    test('X1 sessions that interleave in one isolate never see each other', async () => {
      const sessions = ['ONE', 'TWO', 'THREE', 'FOUR'].map((id) => engine.openSession(id))
      const results = await Promise.all(sessions.map((id) => engine.call(engine.process(id), 'who', 1000)))
      expect(results).toEqual(sessions.map((id) => ({ id, process: 1, wrong: 0 })))
    })

    test('X1 outside a call session() is null and currentProcess() is not available', async () => {
      const seen = await engine.call(engine.process(engine.openSession('OUT')), 'outside')
      expect(seen).toEqual({ session: null, process: 'NOT_AVAILABLE_HERE' })
    })

    test('X1 facts of the session are the ones the engine pushed last', async () => {
      const process = engine.process(engine.openSession('FACTS'))
      await engine.call(process, 'hello', 'x')
      expect(await engine.call(process, 'privileges')).toEqual({
        before: [['sales'], true, false],
        set: true,
        after: ['sales', 'a', 'b', 'role:boss'],
        wrong: 'BAD_REQUEST',
        cleared: true,
        end: [],
      })
    })

    test("X1 a session object kept by another session's code does not change privileges", async () => {
      const [one, two] = ['KEEPS', 'USES'].map((id) => engine.process(engine.openSession(id)))
      if (one === undefined || two === undefined) throw new Error('two sessions')
      const answers = []
      // With several isolates the two may be placed apart; the module then kept nothing.
      answers.push(await engine.call(one, 'leaked', true), await engine.call(two, 'leaked', false).catch(() => 'NOT_AVAILABLE_HERE'))
      expect(answers).toEqual(['kept', 'NOT_AVAILABLE_HERE'])
    })

    test('X1 a one-time token is asked of the engine, with a lifespan that is a number', async () => {
      const process = engine.process(engine.openSession('OTP'))
      expect(await engine.call(process, 'createOTP', null)).toBe('token of OTP for null')
      expect(await engine.call(process, 'createOTP', 30)).toBe('token of OTP for 30')
      for (const lifespan of [0, 'NaN', 'text', 'infinite'])
        expect(await failureOf(engine.call(process, 'createOTP', lifespan))).toMatchObject({ code: 'OTP_LIFESPAN_INVALID' })
      expect(await engine.call(process, 'wrongOTP')).toEqual(['OTP_LIFESPAN_INVALID', 'OTP_LIFESPAN_INVALID', 'OTP_LIFESPAN_INVALID'])
    })

    test('X1 after restore session() is the session of the token, and so is the object that was kept', async () => {
      const [web, desk] = [engine.openSession('WEB', 'web'), engine.openSession('DESK')]
      engine.setSlot(desk, 'from', 'desk')
      const slots = { from: 'desk', restored: true, kept: true }
      const expected = { wrong: 'BAD_REQUEST', done: true, ids: ['DESK', 'DESK'], slots, idle: false, privileges: ['sales'] }
      expect(await engine.call(engine.process(web), 'restore', 'DESK')).toEqual(expected)
      expect(engine.slots(desk)).toEqual(slots)
      expect(engine.slots(web)).toEqual({})
    })

    test('X1 a session that a call went to is kept up to date wherever it is placed', async () => {
      const [web, desk] = [engine.openSession('WEB3', 'web'), engine.openSession('DESK3')]
      await engine.call(engine.process(desk), 'hello', 'x')
      const { outcome } = engine.start(engine.process(web), 'follow', ['DESK3'])
      await eventually(() => engine.slots(desk)['there'] === true)
      engine.setPrivileges(desk, ['late'])
      engine.setSlot(desk, 'go', true)
      expect(await outcome).toMatchObject({ ok: true, value: '[["late"],true]' })
    })

    test('X1 after a restore that was refused nothing is another', async () => {
      const web = engine.openSession('WEB2', 'web')
      expect(await engine.call(engine.process(web), 'restore', 'NOBODY')).toMatchObject({ done: false, ids: ['WEB2', 'WEB2'], idle: true })
      expect(engine.slots(web)).toEqual({ restored: false, kept: true })
    })

    test('X1 what a call was lent counts for hasPrivilege alone, and ends with demote or the call', async () => {
      const id = engine.openSession('LENT', 'web')
      const wrong = ['BAD_REQUEST', 'BAD_REQUEST']
      expect(await engine.call(engine.process(id), 'promote', 'boss')).toEqual({ id: 1, during: [true, false], after: false, wrong })
      expect(await engine.call(engine.process(id), 'promote', 'nobody')).toEqual({ id: 0, during: [false, false], after: false, wrong })
      expect(await engine.call(engine.process(id), 'promoteBehind')).toBe(true)
      await eventually(() => engine.slots(id)['late'] === false)
    })

    test('X1 an idle timeout is there in web sessions alone, is seen at once, and its call ends when the engine has it', async () => {
      expect(await engine.call(engine.process(engine.openSession('NOIDLE')), 'idle', 90)).toBe(null)
      const process = engine.process(engine.openSession('IDLE', 'web'))
      const [one, two] = [
        [60, '2026-11-22T01:00:00.000Z'],
        [120, '2026-11-22T02:00:00.000Z'],
      ]
      expect(await engine.call(process, 'idle', 120)).toEqual({ before: one, after: two, keys: true })
      expect(await engine.call(process, 'idle', 5)).toEqual({ before: two, after: one, keys: true })
      expect(await engine.call(process, 'idle', 'text')).toBe('BAD_REQUEST')
      for (const minutes of [1.5, 1e9]) expect(await failureOf(engine.call(process, 'idle', minutes))).toMatchObject({ code: 'BAD_REQUEST' })
      expect(await failureOf(engine.call(process, 'idle', 1000))).toMatchObject({ code: 'SESSION_ENDED' })
    })

    test('X1 a session is asked for by a text', async () => {
      expect(await engine.call(engine.process(engine.openSession('IDS')), 'wrongIds')).toEqual(Array.from({ length: 8 }, () => 'BAD_REQUEST'))
    })

    test('X2 an error of project code arrives with class, message and project-relative stack', async () => {
      const error = await failureOf(engine.call(engine.process(engine.openSession('ERR')), 'orders/fail', 3))
      expect(error).toBeInstanceOf(MethodError)
      expect(error).toMatchObject({ code: 'METHOD_ERROR', className: 'OutOfStock', message: 'only 2 left' })
      expect(error.stack?.split('\n')).toEqual([
        'OutOfStock: only 2 left',
        expect.stringMatching(/^ {4}at check \(methods\/orders\/fail\.js:4:\d+\)$/),
        expect.stringMatching(/^ {4}at .*methods\/orders\/fail\.js:8:\d+\)?$/),
      ])
    })

    test('X2 anything may be thrown, and errors of Tessera keep their code', async () => {
      const process = engine.process(engine.openSession('ERR2'))
      expect(await failureOf(engine.call(process, 'throwText'))).toMatchObject({ code: 'METHOD_ERROR', className: 'string', message: 'plain text' })
      expect(await failureOf(engine.call(process, 'throwCoded'))).toMatchObject({ code: 'STORAGE_QUOTA_EXCEEDED', message: 'full' })
    })

    test('X2 a result that cannot be sent names the path', async () => {
      const error = await failureOf(engine.call(engine.process(engine.openSession('UNST')), 'unstorable'))
      expect(error.code).toBe('RESULT_NOT_STORABLE')
      expect(error.message).toContain('items[1].fn')
    })

    test('X4 variables stay with their process', async () => {
      const id = engine.openSession('VARS')
      await engine.call(engine.process(id, 1), 'setVariable', 'cart', ['apple'])
      await engine.call(engine.process(id, 1), 'pushVariable', 'cart', 'pear')
      expect(await engine.call(engine.process(id, 1), 'getVariable', 'cart')).toEqual(['apple', 'pear'])
      expect(await engine.call(engine.process(id, 2), 'getVariable', 'cart')).toBe(null)
    })

    test('X4 variables follow a session that leaves its isolate, until the process is closed', async () => {
      const id = engine.openSession('MOVES')
      const process = engine.process(id)
      await engine.call(process, 'setVariable', 'cart', [new Date(0), 1n])
      host.leaveVersion(id, engine.digest)
      expect(await engine.call(process, 'getVariable', 'cart')).toEqual([new Date(0), 1n])
      host.closeProcess(id, process.id)
      expect(await engine.call(process, 'getVariable', 'cart')).toBe(null)
    })

    test('X5 all processes of a session share one replica', async () => {
      const id = engine.openSession('TWINS')
      await engine.call(engine.process(id, 1), 'put', 'settings', { text: 'Hello' })
      expect(await engine.call(engine.process(id, 2), 'read', 'settings')).toEqual({ text: 'Hello' })
      expect(engine.slots(id)).toEqual({ settings: { text: 'Hello' } })
      expect(engine.seeded.filter((seeded) => seeded === id)).toHaveLength(1)
    })

    test('X5 storages of two sessions are apart', async () => {
      const [one, two] = [engine.openSession('APART1'), engine.openSession('APART2')]
      await engine.call(engine.process(one), 'put', 'settings', 1)
      expect(await engine.call(engine.process(two), 'read', 'settings')).toBe(null)
    })

    test('X5 a change from outside reaches the replica, and its watchers in the scope that registered them', async () => {
      const id = engine.openSession('WATCH')
      const process = engine.process(id)
      const { outcome } = engine.start(process, 'watchOnce', ['x'])
      await engine.call(process, 'hello', 'x')
      engine.setSlot(id, 'x', { seen: true })
      expect(await outcome).toMatchObject({ ok: true, value: '{"value":{"seen":true},"id":"WATCH"}' })
      expect(await engine.call(process, 'read', 'x')).toEqual({ seen: true })
    })

    test('X5 the storage of another session is one more replica of it', async () => {
      const [one, two] = [engine.openSession('HOSTESS'), engine.openSession('GUEST')]
      expect(await engine.call(engine.process(two), 'other', one)).toEqual({ visits: 1, info: 'user of HOSTESS' })
      engine.setSlot(one, 'visits', 10)
      expect(await engine.call(engine.process(two), 'other', one)).toEqual({ visits: 11, info: 'user of HOSTESS' })
      expect(await engine.call(engine.process(two), 'other', 'NOBODY')).toBe(null)
      engine.closeSession(one)
      expect(await engine.call(engine.process(two), 'other', one)).toBe(null)
    })

    test('X5 a closed session is forgotten', async () => {
      const id = engine.openSession('GONE')
      await engine.call(engine.process(id), 'hello', 'x')
      const before = host.isolates().reduce((sum, { sessions }) => sum + sessions, 0)
      expect(host.heldSessions()).toContain(id)
      engine.closeSession(id)
      expect(host.heldSessions()).not.toContain(id)
      expect(host.isolates().reduce((sum, { sessions }) => sum + sessions, 0)).toBe(before - 1)
      expect(await failureOf(engine.call(engine.process(id), 'hello', 'x'))).toMatchObject({ code: 'SESSION_ENDED' })
    })

    test('X7 every argument that is wrong is named', async () => {
      const process = engine.process(engine.openSession('ARGS'))
      const error = await failureOf(engine.call(process, 'checked', { id: 'x', lines: ['a', 2] }, 'three'))
      expect(error.code).toBe('ARGUMENTS_INVALID')
      expect(error.problems?.map(({ message }) => message.split(':')[0])).toEqual(['arguments[0].id', 'arguments[0].lines[1]', 'arguments[1]'])
      expect(await failureOf(engine.call(process, 'checkedFirst', { id: 'x' }))).toMatchObject({
        problems: [{ message: expect.stringMatching(/^arguments\[0\]\.id: /) }],
      })
    })

    test('X7 the method gets what its schema made of the arguments', async () => {
      const process = engine.process(engine.openSession('ARGS2'))
      expect(await engine.call(process, 'checked', { id: 1, lines: [] })).toEqual([{ id: 1, lines: [] }, 3])
      expect(await engine.call(process, 'checkedFirst', { id: '7' }, 'rest')).toEqual([7, 'rest'])
    })

    test('X8 unknown methods and methods that clients may not call are refused alike', async () => {
      const process = engine.process(engine.openSession('UNKNOWN'))
      expect(await failureOf(engine.call(process, 'nothing'))).toMatchObject({ code: 'METHOD_NOT_FOUND' })
      expect(await failureOf(engine.call(process, 'notOnServer'))).toMatchObject({ code: 'METHOD_NOT_FOUND' })
      expect(await failureOf(engine.call(process, '__proto__'))).toMatchObject({ code: 'METHOD_NOT_FOUND' })
      expect(await engine.runTarget(process, { kind: 'method', name: 'notOnServer' })).toBe(1)
    })

    test('X8 what a method says of itself is told when its version opens', async () => {
      const facts = await host.openVersion({ digest: engine.digest, directory: half.directory, execution: usualExecution })
      expect(facts.find(({ name }) => name === 'checked')).toEqual({ name: 'checked', onServer: true, exposed: true, groups: ['sales'], deadlineMs: 500 })
      expect(facts.find(({ name }) => name === 'procedure')).toEqual({ name: 'procedure', onServer: false, exposed: false, groups: [], deadlineMs: null })
      expect(facts).toHaveLength(Object.keys(fixtureMethods).length - 1)
    })

    test('X8 database methods run where there are any, and are nothing elsewhere', async () => {
      const process = engine.process(engine.openSession('DB'))
      expect(await engine.runTarget(process, { kind: 'database', name: 'onServerStartup' })).toBe('started in DB')
      expect(await engine.runTarget(process, { kind: 'database', name: 'onServerShutdown' })).toBe(null)
    })

    test('X9 a version whose code throws while it loads is rejected with file and line', async () => {
      const broken = await writeHalf({
        'methods/good': 'export default () => 1\n',
        'methods/deep/bad': '\n\nthrow new Error("no licence")\n',
        'methods/none': 'export const x = 1\n',
      })
      const before = host.isolates().length
      const error = await failureOf(host.openVersion({ digest: asDigest(`badbad-${kind}`), directory: broken.directory, execution: usualExecution }))
      expect(error.code).toBe('VERSION_REJECTED')
      expect([...(error.problems ?? [])].sort((a, b) => (a.file < b.file ? -1 : 1))).toEqual([
        { file: 'methods/deep/bad.ts', line: 3, column: 7, severity: 'error', code: 'load-failed', message: 'Error: no licence' },
        { file: 'methods/none.ts', line: 1, column: 1, severity: 'error', code: 'no-default-export', message: expect.any(String) },
      ])
      expect(host.isolates()).toHaveLength(before)
      await broken.remove()
    })

    test('X9 a syntax error is found too', async () => {
      const broken = await writeHalf({ 'methods/typo': '\nexport default () => {\n  const = 1\n}\n' })
      const error = await failureOf(host.openVersion({ digest: asDigest(`typo00-${kind}`), directory: broken.directory, execution: usualExecution }))
      expect(error.problems).toMatchObject([{ file: 'methods/typo.ts', message: expect.stringMatching(/^SyntaxError: /) }])
      await broken.remove()
    })

    test('X11 cancelling ends the call for its caller and aborts its signal', async () => {
      const id = engine.openSession('CANCEL')
      const process = engine.process(id)
      const { call, outcome } = engine.start(process, 'cancellable')
      await engine.call(process, 'hello', 'x')
      host.cancel(call, 'changed my mind')
      expect(await outcome).toMatchObject({ ok: false, error: { code: 'CALL_CANCELLED', message: 'changed my mind' } })
      await eventually(() => engine.slots(id)['aborted'] === 'changed my mind')
    })

    test('X12 what a method prints reaches the log with its name', async () => {
      await engine.call(engine.process(engine.openSession('LOG')), 'say', 'hi')
      await eventually(() => lines.some(({ message }) => message === 'say: bad'))
      expect(lines).toContainEqual({
        level: 'info',
        message: 'say: said hi { a: 1 }',
        fields: { isolate: expect.any(String), method: 'say', sessionId: 'LOG', request: expect.any(String) },
      })
      expect(lines).toContainEqual({ level: 'error', message: 'say: bad', fields: expect.anything() })
    })

    test('P57 code asks what runs, of all sessions or one, and hears at once of options that are none', async () => {
      expect(await engine.call(engine.process(engine.openSession('ACTIVE')), 'activity')).toEqual([{ processes: [] }, null, 'BAD_REQUEST'])
    })

    test('P65, P66 the request id reaches the log, and a timed call tells where its time went', async () => {
      const process = engine.process(engine.openSession('TIMED'))
      expect(await engine.startTimed(process, 'say', ['hi'])).toMatchObject({ ok: true, timings: { runMs: expect.any(Number), storageMs: 0, dataMs: 0 } })
      await eventually(() => lines.some(({ fields }) => JSON.stringify(fields).includes('"request":"request ')))
      expect(await engine.startTimed(process, 'orders/fail', [3])).toMatchObject({ ok: false, timings: { storageMs: 0 } })
      expect(await engine.start(process, 'hello', ['x']).outcome).not.toHaveProperty('timings')
    })

    test('X12 a flood of lines is cut', async () => {
      await engine.call(engine.process(engine.openSession('FLOOD')), 'flood', 5000)
      expect(lines.filter(({ message }) => message.startsWith('flood: ')).length).toBeLessThanOrEqual(200)
    })

    test('X1 a stored procedure runs in its own session and gives its result', async () => {
      const process = engine.process(engine.openSession('STARTER'))
      expect(await engine.call(process, 'startProcedure', 'procedure', 21)).toEqual({ number: 100, result: { id: 'PROCEDURES', name: 'night', twice: 42 } })
      expect(engine.progress.map(({ fraction, text }) => [fraction, text])).toEqual([
        [0.5, 'half'],
        [1, ''],
      ])
      expect(await failureOf(engine.call(process, 'startProcedure', 'nothing'))).toMatchObject({ code: 'METHOD_NOT_FOUND' })
    })

    test('X1 reloadProject asks the engine', async () => {
      expect(await engine.call(engine.process(engine.openSession('RELOADS')), 'reload')).toBe(null)
      expect(engine.reloads).toBe(1)
    })

    test('T2 increments from many calls at once are all kept', async () => {
      const id = engine.openSession('COUNTS')
      await Promise.all(Array.from({ length: 30 }, (_, n) => engine.call(engine.process(id, n % 3), 'increment', 'n')))
      expect(engine.slots(id)).toEqual({ n: 30 })
    })

    test('X1 what a method leaves behind goes on in its session after the call', async () => {
      const id = engine.openSession('BEHIND')
      expect(await engine.call(engine.process(id), 'leaveBehind', 'later')).toBe('gone')
      await eventually(() => engine.slots(id)['later'] === 'BEHIND')
    })

    test('X2 a payload of 1 MiB comes back as it went', async () => {
      const text = 'ä"\\\u2028🙂'.repeat(150_000)
      const process = engine.process(engine.openSession('BIG'))
      expect(await engine.call(process, 'echo', text)).toBe(text)
      expect(await engine.call(process, 'echo', { at: new Date(5), n: 12n, bytes: new Uint8Array([1, 2, 255]) })).toEqual({
        at: new Date(5),
        n: 12n,
        bytes: new Uint8Array([1, 2, 255]),
      })
    })

    test('X1 thousands of calls at once all come back to their own callers', async () => {
      const processes = Array.from({ length: 50 }, (_, n) => engine.process(engine.openSession(`LOAD${n}`)))
      const results = await Promise.all(
        Array.from({ length: 5000 }, (_, n) => engine.call(processes[n % 50] ?? engine.process(engine.openSession('X')), 'echo', n)),
      )
      expect(results).toEqual(Array.from({ length: 5000 }, (_, n) => n))
      expect(host.isolates().reduce((sum, { callsRunning }) => sum + callsRunning, 0)).toBe(0)
    })
  })
}
