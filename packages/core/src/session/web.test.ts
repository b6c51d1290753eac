import { describe, expect, test } from 'vitest'
import { createGate, type ScriptedMethod, startTestEngine, TestBrowser, type TestEngine, type TestProject } from '../testing/index.ts'

const roles = JSON.stringify({
  privileges: [{ privilege: 'Sales' }, { privilege: 'Stock', includes: ['Sales'] }],
  roles: [],
  permissions: { allowed: [] },
})

const project: TestProject = {
  roles,
  methods: {
    me: { run: (scope) => scope.session.facts().id, exposed: true },
    facts: { run: (scope) => JSON.stringify(scope.session.facts()), exposed: true },
    idle: {
      run: async (scope, minutes) => Object.values(await scope.ask({ kind: 'session.setIdleTimeout', minutes: Number(minutes) })),
      exposed: true,
    },
    authentify: {
      run: async (scope, userName, ...names) => {
        const { privileges } = await scope.ask({ kind: 'privileges.set', names: names.map(String), roles: [], userName: userName as string | null })
        return [...privileges]
      },
      exposed: true,
    },
    logout: { run: async (scope) => [...(await scope.ask({ kind: 'privileges.clear' })).privileges], exposed: true },
    otp: { run: async (scope) => (await scope.ask({ kind: 'otp.create', lifespan: null })).token, exposed: true },
    restore: {
      run: async (scope, token) => {
        const { sessionId } = await scope.ask({ kind: 'session.restore', token: String(token) })
        return [sessionId, scope.session.facts().id, scope.session.storage.get('from') ?? null, ...scope.session.facts().privileges]
      },
      exposed: true,
    },
    put: {
      run: async (scope, slot, value) => {
        await scope.session.storage.use((draft) => {
          draft[String(slot)] = value
        })
      },
      exposed: true,
    },
  },
}
const forced: TestProject = { ...project, forceLogin: true }

const visit = ({ engine }: TestEngine): Promise<TestBrowser> => TestBrowser.visit(engine)
const rowOf = (engine: TestEngine, { id }: TestBrowser) => engine.reads.session(id)
const minute = 60_000

describe('web sessions', () => {
  test('S30 a visitor without a cookie that is good gets a session, a guest’s, of his own', async () => {
    const engine = await startTestEngine({ project })
    const [one, two] = [await visit(engine), await visit(engine)]
    expect(one.id).not.toBe(two.id)
    expect(one.cookie).toHaveLength(43)
    expect(rowOf(engine, one)).toMatchObject({ kind: 'web', userName: '', machineName: '', state: 'active', processes: 0, web: { guest: true } })
    expect(await one.find()).toEqual({ sessionId: one.id, kind: 'web', guest: true })
    expect(await one.call('me')).toBe(one.id)
    const facts: unknown = JSON.parse(String(await one.call('facts')))
    expect(facts).toMatchObject({ info: { type: 'web', hostType: 'browser', systemUserName: '', persistentID: '', IPAddress: '10.0.0.9' } })
    one.cookie = 'made-up'
    expect(await one.find()).toBeNull()
    await expect(one.call('me')).rejects.toMatchObject({ code: 'SESSION_ENDED' })
    await two.close()
    expect(await two.find()).toBeNull()
    expect(engine.heard('session.closed')).toMatchObject([{ sessionId: two.id }])
  })

  test('S30 guests have a bound, and none is let in before the server runs or when it stops', async () => {
    const engine = await startTestEngine({ project, maxWebGuests: 2 })
    const first = await visit(engine)
    await visit(engine)
    await expect(visit(engine)).rejects.toMatchObject({ code: 'REJECTING_CONNECTIONS', retryable: true })
    await first.call('authentify', null, 'Sales')
    await visit(engine)
    await engine.stop()
    await expect(visit(engine)).rejects.toMatchObject({ code: 'SERVER_STOPPING' })
    expect(engine.clock.pending).toBe(0)
  })

  test('S31 a web session ends after sixty minutes without use, and one timer looks after all', async () => {
    const engine = await startTestEngine({ project })
    const browsers = await Promise.all(Array.from({ length: 20 }, () => visit(engine)))
    expect(engine.clock.pending).toBe(1)
    expect(rowOf(engine, browsers[0] ?? (await visit(engine))).web?.expirationDate).toBe('2026-01-05T09:00:00.000Z')
    await engine.clock.advance(59 * minute)
    await browsers[0]?.find()
    await browsers[1]?.call('me')
    await engine.clock.advance(minute)
    expect((await engine.reads.server()).sessions.web).toBe(2)
    await engine.clock.advance(60 * minute)
    expect((await engine.reads.server()).sessions.web).toBe(0)
    expect(engine.clock.pending).toBe(0)
    expect(engine.host.held).toEqual({ replicas: 0, variables: 0, inFlight: 0 })
  })

  test('S31 one whose time is over is gone even before the timer comes by, and one that computes stays', async () => {
    const gate = createGate()
    const slow: TestProject = { ...project, methods: { ...project.methods, wait: { run: () => gate.passed, exposed: true } } }
    const engine = await startTestEngine({ project: slow })
    const [idle, busy] = [await visit(engine), await visit(engine)]
    const waiting = busy.call('wait')
    await engine.clock.advance(30_000)
    await idle.find()
    await engine.clock.advance(60 * minute)
    expect(await idle.find()).toBeNull()
    expect(rowOf(engine, busy)).toMatchObject({ state: 'active' })
    gate.open()
    await waiting
    expect(rowOf(engine, busy).web?.expirationDate).toBe(new Date(engine.clock.now() + 60 * minute).toISOString())
  })

  test('O5 a web session whose time is over gets nobody in any more, and is not revived by that', async () => {
    const engine = await startTestEngine({ project })
    const browser = await visit(engine)
    await browser.call('idle', 120)
    const token = String(await browser.call('otp'))
    await engine.clock.advance(30_000)
    await browser.call('idle', 60)
    await engine.clock.advance(60 * minute)
    expect(await TestBrowser.enter(engine.engine, token)).toBeNull()
    expect(await browser.find()).toBeNull()
  })

  test('S31 an idle timeout is at least sixty minutes, and the date follows it and each use', async () => {
    const engine = await startTestEngine({ project })
    const browser = await visit(engine)
    expect(await browser.call('idle', 5)).toEqual([60, '2026-01-05T09:00:00.000Z'])
    await engine.clock.advance(1500)
    expect(await browser.call('idle', 90)).toEqual([90, '2026-01-05T09:30:01.500Z'])
    await engine.clock.advance(60 * minute)
    await browser.find()
    expect(rowOf(engine, browser).web).toEqual({ guest: true, idleTimeoutMinutes: 90, expirationDate: '2026-01-05T10:30:01.500Z' })
    for (const minutes of [1.5, 'x', 1e9]) await expect(browser.call('idle', minutes)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    const ana = await engine.connect()
    await expect(ana.call('idle', 90)).rejects.toMatchObject({ code: 'NOT_AVAILABLE_HERE' })
  })

  test('S32 a guest is one until he holds a privilege, and again when he holds none; his name goes with that', async () => {
    const engine = await startTestEngine({ project })
    const browser = await visit(engine)
    expect(await browser.call('authentify', 'ana', 'Unknown')).toEqual([])
    expect(rowOf(engine, browser)).toMatchObject({ userName: 'ana', web: { guest: true } })
    expect(await browser.call('authentify', null, 'Stock')).toEqual(['Sales', 'Stock'])
    expect(rowOf(engine, browser)).toMatchObject({ userName: 'ana', web: { guest: false } })
    expect(await browser.call('logout')).toEqual([])
    expect(rowOf(engine, browser)).toMatchObject({ userName: '', web: { guest: true } })
    await expect(browser.call('authentify', 'x'.repeat(201), 'Sales')).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    expect(rowOf(engine, browser)).toMatchObject({ userName: '', privileges: [] })
  })

  test('S32 where sign-in is forced it makes a guest somebody, who stays that without a privilege', async () => {
    const engine = await startTestEngine({ project: forced })
    const browser = await visit(engine)
    await expect(browser.call('me')).rejects.toMatchObject({ code: 'PRIVILEGE_REQUIRED' })
    expect(await browser.call('authentify', 'ana')).toEqual([])
    expect(rowOf(engine, browser)).toMatchObject({ userName: 'ana', web: { guest: false } })
    expect(await browser.call('logout')).toEqual([])
    expect(rowOf(engine, browser)).toMatchObject({ userName: 'ana', web: { guest: false } })
  })

  test('S32 a user name given in a session that is none of the web is ignored', async () => {
    const engine = await startTestEngine({ project })
    const ana = await engine.connect()
    await ana.call('authentify', 'somebody else', 'Sales')
    expect(ana.row).toMatchObject({ userName: 'Designer', privileges: ['Sales'], web: null })
  })

  test('S33 without forced sign-in a web session takes a licence when it opens', async () => {
    const engine = await startTestEngine({ project, maxClients: 2 })
    const [browser, ana] = [await visit(engine), await engine.connect()]
    expect((await engine.reads.server()).licences).toEqual({ maximum: 2, used: 2, remote: 1, web: 1 })
    await expect(visit(engine)).rejects.toMatchObject({ code: 'LICENCES_EXHAUSTED', retryable: true })
    await expect(engine.connect()).rejects.toMatchObject({ code: 'LICENCES_EXHAUSTED' })
    await ana.close()
    await visit(engine)
    await browser.close()
    expect((await engine.reads.server()).licences).toMatchObject({ used: 1, web: 1 })
  })

  test('S33 where sign-in is forced guests take none, and who signs in takes one or is refused, to his session’s end', async () => {
    const engine = await startTestEngine({ project: forced, maxClients: 1 })
    const [one, two] = [await visit(engine), await visit(engine)]
    expect(rowOf(engine, one).counted).toBe(false)
    expect((await engine.reads.server()).licences.used).toBe(0)
    await one.call('authentify', 'ana', 'Sales')
    await one.call('authentify', 'ana', 'Stock')
    expect((await engine.reads.server()).licences).toEqual({ maximum: 1, used: 1, remote: 0, web: 1 })
    await expect(two.call('authentify', 'bob', 'Sales')).rejects.toMatchObject({ code: 'LICENCES_EXHAUSTED' })
    expect(rowOf(engine, two)).toMatchObject({ userName: '', privileges: [], counted: false, web: { guest: true } })
    await one.call('logout')
    await expect(two.call('authentify', 'bob', 'Sales')).rejects.toMatchObject({ code: 'LICENCES_EXHAUSTED' })
    await one.close()
    await two.call('authentify', 'bob', 'Sales')
    expect(rowOf(engine, two)).toMatchObject({ userName: 'bob', privileges: ['Sales'], counted: true })
  })

  test('S12 an operator ends a browser’s session by its id, and cannot send it messages or another version', async () => {
    const engine = await startTestEngine({ project })
    const [one, two, kept] = [await visit(engine), await visit(engine), await visit(engine)]
    expect((await engine.operator.message([one.id], 'Lunch')).results).toMatchObject([{ ok: false, error: { code: 'NOT_ALLOWED' } }])
    expect((await engine.operator.reload([one.id])).results).toMatchObject([{ ok: false, error: { code: 'NOT_ALLOWED' } }])
    expect((await engine.operator.disconnect([one.id])).results).toEqual([{ id: one.id, ok: true }])
    expect((await engine.operator.end([two.id])).results).toEqual([{ id: two.id, ok: true }])
    expect((await engine.operator.disconnect({ text: '' })).results).toEqual([])
    expect([await one.find(), await two.find()]).toEqual([null, null])
    expect(await kept.call('me')).toBe(kept.id)
  })

  test('S35 restore puts the browser into the token’s session: what follows runs there, and its own session ends', async () => {
    const engine = await startTestEngine({ project })
    const ana = await engine.connect()
    await ana.call('put', 'from', 'desk')
    await engine.operator.setPrivileges(ana, ['Sales'])
    const browser = await visit(engine)
    await browser.call('put', 'from', 'web')
    const old = browser.cookie
    expect(await browser.call('restore', await ana.call('otp'))).toEqual([ana.id, ana.id, 'desk', 'Sales'])
    expect(browser.cookie).not.toBe(old)
    await engine.settle()
    expect(engine.heard('session.closed')).toMatchObject([{ sessionId: browser.id }])
    expect(await browser.find()).toEqual({ sessionId: ana.id, kind: 'share', guest: false })
    expect(await browser.call('me')).toBe(ana.id)
    await browser.call('put', 'from', 'share')
    expect(engine.reads.storage(ana.id).slots).toMatchObject([{ slot: 'from', text: '"share"', changedBy: 'Designer' }])
    expect(ana.row.shares).toHaveLength(1)
    expect((await engine.reads.server()).licences).toMatchObject({ used: 1, web: 0 })
  })

  test('S35 a token that is no good, and a session that is none of the web, restore nothing', async () => {
    const engine = await startTestEngine({ project })
    const [ana, bob, browser] = [await engine.connect(), await engine.connect(), await visit(engine)]
    const [token, used, orphan] = [await ana.call('otp'), await ana.call('otp'), await bob.call('otp')]
    await TestBrowser.enter(engine.engine, String(used))
    await bob.close()
    const cookie = browser.cookie
    for (const bad of ['', 'made-up', used, orphan]) expect(await browser.call('restore', bad)).toEqual([null, browser.id, null])
    expect([browser.cookie, await browser.call('me')]).toEqual([cookie, browser.id])
    expect(await ana.call('restore', token)).toEqual([null, ana.id, null])
    const { processId } = await engine.operator.startProcedure('restore', [token])
    expect(JSON.parse(await engine.operator.dispatch('procedure.result', { processId }))[0]).toBeNull()
    const share = await TestBrowser.enter(engine.engine, String(await bob.call('otp').catch(() => token)))
    expect(share?.id).toBe(ana.id)
    expect(await share?.call('restore', await ana.call('otp'))).toEqual([null, ana.id, null])
    expect(ana.row.otps).toMatchObject({ redeemed: 2, live: 1 })
  })

  test('S35 calls that wait while the browser goes to another session run in that one', async () => {
    const engine = await startTestEngine({ project })
    const [ana, browser] = [await engine.connect(), await visit(engine)]
    const token = await ana.call('otp')
    const answers = await Promise.all([browser.call('me'), browser.call('restore', token), browser.call('me'), browser.call('me')])
    expect(answers).toEqual([browser.id, [ana.id, ana.id, null], ana.id, ana.id])
  })

  test('S35 its own token leaves a browser where it is; another browser with that shares the web session', async () => {
    const engine = await startTestEngine({ project })
    const browser = await visit(engine)
    const [own, others] = [await browser.call('otp'), await browser.call('otp')]
    expect(await browser.call('restore', own)).toEqual([browser.id, browser.id, null])
    expect(await browser.find()).toMatchObject({ sessionId: browser.id, kind: 'web' })
    const second = await TestBrowser.enter(engine.engine, String(others))
    expect(await second?.call('me')).toBe(browser.id)
    await engine.clock.advance(59 * minute)
    await second?.find()
    await engine.clock.advance(59 * minute)
    expect(await browser.find()).not.toBeNull()
    await browser.close()
    expect(await second?.find()).toBeNull()
  })

  test('S37 who becomes somebody gets a new cookie, and the old one ends when the new one is used', async () => {
    const engine = await startTestEngine({ project })
    const browser = await visit(engine)
    const planted = browser.cookie
    await browser.call('authentify', 'ana', 'Sales')
    expect(browser.cookie).not.toBe(planted)
    const attacker = new TestBrowser(engine.engine, { sessionId: browser.id, token: planted })
    expect(await browser.find()).toMatchObject({ sessionId: browser.id, guest: false })
    expect(await attacker.find()).toBeNull()
    const kept = browser.cookie
    await browser.call('authentify', 'ana', 'Stock')
    expect(browser.cookie).toBe(kept)
  })

  test('S37 only the answer to the call that made somebody of the guest carries the new cookie', async () => {
    const gate = createGate()
    const signIn: ScriptedMethod = async (scope) => {
      await scope.ask({ kind: 'privileges.set', names: ['Sales'], roles: [] })
      await gate.passed
      return null
    }
    const engine = await startTestEngine({ project: { ...project, methods: { ...project.methods, signIn: { run: signIn, exposed: true } } } })
    const browser = await visit(engine)
    const attacker = new TestBrowser(engine.engine, { sessionId: browser.id, token: browser.cookie })
    const planted = attacker.cookie
    const signedIn = browser.call('signIn')
    await engine.settle()
    const waiting = attacker.call('me')
    await expect(attacker.call('nothing')).rejects.toMatchObject({ code: 'METHOD_NOT_FOUND' })
    await attacker.find()
    gate.open()
    await Promise.all([signedIn, waiting])
    expect(attacker.cookie).toBe(planted)
    expect(browser.cookie).not.toBe(planted)
    await browser.find()
    expect(await attacker.find()).toBeNull()
  })

  test('S37 privileges that somebody else sets leave the cookie as it is', async () => {
    const engine = await startTestEngine({ project })
    const browser = await visit(engine)
    await engine.operator.dispatch('privileges.set', { sessionId: browser.id, names: ['Sales'], roles: [] })
    const before = browser.cookie
    await browser.call('me')
    expect(browser.cookie).toBe(before)
  })
})
