import { describe, expect, test } from 'vitest'
import type { RedeemedOtp } from '../commands.ts'
import type { SessionId } from '../ids.ts'
import { MemorySessionJournal } from '../memory/memory-session-journal.ts'
import type { JournalEntry } from '../ports/session-journal.ts'
import { startTestEngine, type TestClient, type TestEngine, type TestProject } from '../testing/index.ts'

const project: TestProject = {
  methods: {
    otp: async (scope, lifespan = null) => (await scope.ask({ kind: 'otp.create', lifespan: lifespan as number | null })).token,
    put: async (scope, slot, value) => {
      await scope.session.storage.use((draft) => {
        draft[String(slot)] = value
      })
    },
    get: { run: (scope, slot) => scope.session.storage.get(String(slot)) ?? null, exposed: true },
    me: { run: (scope) => [scope.session.facts().id, ...scope.session.facts().privileges], exposed: true },
  },
  database: { onServerOpenConnection: async (scope) => void (await scope.ask({ kind: 'otp.create', lifespan: null })) },
  roles: JSON.stringify({ privileges: [{ privilege: 'Sales' }], roles: [], permissions: { allowed: [] } }),
}
const plain: TestProject = { ...project, database: {} }

const edge = { kind: 'edge', address: '10.0.0.9' } as const
const visitor = { path: '/', address: '10.0.0.9', userAgent: 'Firefox' }

const redeem = (engine: TestEngine, token: string, path = '/'): Promise<RedeemedOtp | null> =>
  engine.engine.dispatch('otp.redeem', { ...visitor, token, path }, edge)
const create = async (client: TestClient, lifespan?: number): Promise<string> => String(await client.call('otp', ...(lifespan === undefined ? [] : [lifespan])))
const webCall = async (engine: TestEngine, token: string, method: string, ...args: unknown[]): Promise<unknown> =>
  JSON.parse((await engine.engine.dispatch('web.call', { token, method, args: JSON.stringify(args) }, edge)).value)
const find = (engine: TestEngine, token: string) => engine.engine.dispatch('web.find', { token }, edge)

/** A journal that fails while it is told to. */
class FailingJournal extends MemorySessionJournal {
  isBroken = false
  appends = 0

  override async append(entries: readonly JournalEntry[]): Promise<void> {
    this.appends += 1
    if (this.isBroken) throw new Error('the disk is full')
    await super.append(entries)
  }
}

describe('one-time tokens', () => {
  test('O1 a token belongs to the session that made it, also in Open Connection, and nothing but its hash is kept', async () => {
    const journal = new MemorySessionJournal()
    const engine = await startTestEngine({ project, ports: { journal } })
    const [ana, bob] = [await engine.connect(), await engine.connect()]
    const token = await create(ana)
    expect(token).toHaveLength(43)
    expect(ana.row.otps).toEqual({ live: 2, issued: 2, redeemed: 0, expired: 0, replayed: 0 })
    expect(bob.row.otps.issued).toBe(1)
    expect((await redeem(engine, token))?.sessionId).toBe(ana.id)
    const kept = JSON.stringify([...(await journal.load()).sessions].map(([id, parts]) => [id, [...parts]]))
    expect(kept).not.toContain(token)
    expect(JSON.stringify([engine.events, engine.logger.entries])).not.toContain(token)
    const asBob = { kind: 'code', sessionId: bob.id, processId: bob.welcome.mainProcess.id } as const
    const stolen = engine.engine.dispatch('otp.create', { sessionId: ana.id, lifespanSeconds: null, purpose: 'web-share', path: null }, asBob)
    await expect(stolen).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
  })

  test.each([
    [null, 60],
    [1, 10],
    [9, 10],
    [10, 10],
    [11, 11],
    [600, 600],
    [601, 600],
    [86_400, 600],
  ])('O2 a lifespan of %s is %s seconds', async (asked, seconds) => {
    const engine = await startTestEngine({ project: plain })
    const ana = await engine.connect()
    const [early, late] = [String(await ana.call('otp', asked)), String(await ana.call('otp', asked))]
    await engine.clock.advance(seconds * 1000 - 1)
    expect(await redeem(engine, early)).not.toBeNull()
    await engine.clock.advance(1)
    expect(await redeem(engine, late)).toBeNull()
  })

  test('O2 the usual lifespan in a web session is its idle timeout', async () => {
    const engine = await startTestEngine({ project: { ...plain, methods: { ...plain.methods, otp: { run: plain.methods?.['otp'] as never, exposed: true } } } })
    const guest = await engine.engine.dispatch('web.open', visitor, edge)
    const tokens = [String(await webCall(engine, guest.token, 'otp')), String(await webCall(engine, guest.token, 'otp'))]
    for (const minutes of [30, 29]) {
      await engine.clock.advance(minutes * 60_000)
      await find(engine, guest.token)
    }
    expect(await redeem(engine, tokens[0] ?? '')).toMatchObject({ sessionId: guest.sessionId })
    await engine.clock.advance(60_000)
    expect(await redeem(engine, tokens[1] ?? '')).toBeNull()
  })

  test.each([-1, 0, 0.5, 10.5, 1e9, 86_401, Number.NaN, Number.POSITIVE_INFINITY, '60', true, {}, undefined])(
    'O12 a lifespan of %s is refused and changes nothing',
    async (lifespan) => {
      const engine = await startTestEngine({ project: plain })
      const ana = await engine.connect()
      const code = { kind: 'code', sessionId: ana.id, processId: ana.welcome.mainProcess.id } as const
      const asked = { sessionId: ana.id, lifespanSeconds: lifespan as number, purpose: 'web-share', path: null } as const
      await expect(engine.engine.dispatch('otp.create', asked, code)).rejects.toMatchObject({ code: 'OTP_LIFESPAN_INVALID' })
      expect(ana.row.otps).toEqual({ live: 0, issued: 0, redeemed: 0, expired: 0, replayed: 0 })
    },
  )

  test('O12 another purpose, a path that is none, and a session that is unknown or ending each get one clear error', async () => {
    const engine = await startTestEngine({ project: plain })
    const ana = await engine.connect()
    const dispatch = (wanted: object, sessionId = ana.id) =>
      engine.engine.dispatch('otp.create', { sessionId, lifespanSeconds: null, purpose: 'web-share', path: null, ...wanted } as never, { kind: 'system' })
    for (const wrong of [{ purpose: 'admin' }, { path: 'shop' }, { path: 5 }, { path: `/${'x'.repeat(1000)}` }])
      await expect(dispatch(wrong)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    await expect(dispatch({}, 'NOBODY' as SessionId)).rejects.toMatchObject({ code: 'SESSION_NOT_FOUND' })
    const ending = engine.operator.end(ana)
    await expect(dispatch({})).rejects.toMatchObject({ code: expect.stringMatching(/SESSION_ENDED|SESSION_NOT_FOUND/) })
    await ending
    expect(engine.heard('otp.issued')).toEqual([])
  })

  test('O3 a session has five tokens alive at most, and is told when there is room again', async () => {
    const engine = await startTestEngine({ project: plain })
    const [ana, bob] = [await engine.connect(), await engine.connect()]
    await create(ana, 20)
    await engine.clock.advance(5000)
    const tokens = await Promise.all([100, 100, 100, 100].map((seconds) => create(ana, seconds)))
    await expect(create(ana)).rejects.toMatchObject({ code: 'TOO_MANY_OTPS', retryable: true, retryAfterMs: 15_000 })
    await create(bob)
    await engine.clock.advance(15_000)
    await create(ana)
    await expect(create(ana)).rejects.toMatchObject({ code: 'TOO_MANY_OTPS' })
    await redeem(engine, tokens[0] ?? '')
    await create(ana)
    expect(ana.row.otps).toEqual({ live: 5, issued: 7, redeemed: 1, expired: 1, replayed: 0 })
  })

  test('O4 of 64 that come at once with one token exactly one gets in, and the others are replays', async () => {
    const engine = await startTestEngine({ project: plain })
    const ana = await engine.connect()
    const token = await create(ana)
    const answers = await Promise.all(Array.from({ length: 64 }, () => redeem(engine, token)))
    expect(answers.filter((answer) => answer !== null)).toHaveLength(1)
    expect(ana.row.otps).toEqual({ live: 0, issued: 1, redeemed: 1, expired: 0, replayed: 63 })
    expect(ana.row.shares).toHaveLength(1)
    expect(engine.heard('otp.replayed')).toHaveLength(63)
  })

  test('O5 a token is good for nothing once its session has ended, ends, or drains', async () => {
    const engine = await startTestEngine({ project: plain })
    const [ana, bob] = [await engine.connect(), await engine.connect()]
    const tokens = [await create(ana), await create(bob)]
    await engine.operator.disconnect(ana)
    const draining = bob.call('otp')
    const ending = engine.operator.end(bob)
    expect(await Promise.all(tokens.map((token) => redeem(engine, token)))).toEqual([null, null])
    await Promise.allSettled([draining, ending])
  })

  test('O5 a session that ends while the token is taken lets nobody in', async () => {
    const journal = new MemorySessionJournal()
    const engine = await startTestEngine({ project: plain, ports: { journal } })
    const ana = await engine.connect()
    const token = await create(ana)
    const redeeming = redeem(engine, token)
    const gone = engine.operator.disconnect(ana)
    expect(await redeeming).toBeNull()
    await gone
    expect(engine.heard('otp.redeemed')).toEqual([])
  })

  test('O6 whatever is wrong with a token the answer is the same, and nothing changes', async () => {
    const engine = await startTestEngine({ project: plain })
    const ana = await engine.connect()
    const [used, expiring] = [await create(ana), await create(ana, 10)]
    await redeem(engine, used)
    await engine.clock.advance(10_000)
    const before = { ...ana.row, otps: null }
    for (const token of ['', 'x', used, expiring, 'y'.repeat(10_000), null as never, 5 as never]) expect(await redeem(engine, token)).toBeNull()
    expect({ ...ana.row, otps: null }).toEqual(before)
  })

  test('O6 a token for a path is good there and below, and survives a visit elsewhere', async () => {
    const engine = await startTestEngine({ project: plain })
    const ana = await engine.connect()
    const wanted = { sessionId: ana.id, lifespanSeconds: 60, purpose: 'web-share', path: '/shop' } as const
    const [one, two] = await Promise.all([1, 2].map(() => engine.engine.dispatch('otp.create', wanted, { kind: 'system' })))
    for (const path of ['/', '/shopping', '', '/other/shop']) expect(await redeem(engine, one?.token ?? '', path)).toBeNull()
    expect(ana.row.otps).toMatchObject({ live: 2, replayed: 0 })
    expect(await redeem(engine, one?.token ?? '', '/shop')).not.toBeNull()
    expect(await redeem(engine, two?.token ?? '', '/shop/cart')).not.toBeNull()
  })

  test('O7 operators see what became of tokens, at any moment, and hear of it', async () => {
    const engine = await startTestEngine({ project: plain })
    const ana = await engine.connect()
    const tokens = [await create(ana, 10), await create(ana, 10), await create(ana)]
    await redeem(engine, tokens[2] ?? '')
    await redeem(engine, tokens[2] ?? '')
    await engine.clock.advance(10_000)
    expect(ana.row.otps).toEqual({ live: 0, issued: 3, redeemed: 1, expired: 2, replayed: 1 })
    expect(engine.heard('otp.expired')).toEqual([])
    await engine.clock.advance(60_000)
    expect(ana.row.otps).toEqual({ live: 0, issued: 3, redeemed: 1, expired: 2, replayed: 1 })
    const counts = (['otp.issued', 'otp.redeemed', 'otp.expired', 'otp.replayed'] as const).map((name) => engine.heard(name).length)
    expect(counts).toEqual([3, 1, 2, 1])
    expect(engine.heard('otp.replayed')).toMatchObject([{ sessionId: ana.id, fingerprint: expect.stringMatching(/^.{6}$/), address: '10.0.0.9' }])
  })

  test('O7 of used tokens the last 32 are told from guesses', async () => {
    const engine = await startTestEngine({ project: plain })
    const ana = await engine.connect()
    const tokens: string[] = []
    for (let n = 0; n < 40; n++) {
      tokens.push(await create(ana))
      await redeem(engine, tokens.at(-1) ?? '')
    }
    for (const token of tokens) await redeem(engine, token)
    expect(ana.row.otps).toMatchObject({ redeemed: 40, replayed: 32 })
  })

  test('O8 a share sees the same id, storage and privileges, takes no licence, and dies with its session', async () => {
    const engine = await startTestEngine({ project: plain, maxClients: 1 })
    const ana = await engine.connect()
    await ana.call('put', 'hello', 'from the desk')
    await engine.operator.setPrivileges(ana, ['Sales'])
    const share = await redeem(engine, await create(ana))
    if (share === null) throw new Error('redeemed')
    expect(await webCall(engine, share.token, 'get', 'hello')).toBe('from the desk')
    expect(await webCall(engine, share.token, 'me')).toEqual([ana.id, 'Sales'])
    expect((await engine.reads.server()).licences).toEqual({ maximum: 1, used: 1, remote: 1, web: 0 })
    expect(ana.row.shares).toMatchObject([{ address: '10.0.0.9', userAgent: 'Firefox', since: '2026-01-05T08:00:00.000Z' }])
    await engine.operator.disconnect(ana)
    expect(await find(engine, share.token)).toBeNull()
    await expect(webCall(engine, share.token, 'me')).rejects.toMatchObject({ code: 'SESSION_ENDED' })
  })

  test('O9 the stored procedures’ session has no tokens', async () => {
    const engine = await startTestEngine({ project: plain })
    const run = async (...args: number[]): Promise<unknown> => {
      const { processId } = await engine.operator.startProcedure('otp', args)
      return JSON.parse(await engine.operator.dispatch('procedure.result', { processId }))
    }
    expect(await run(60)).toBe('')
    await expect(run(-1)).rejects.toMatchObject({ code: 'OTP_LIFESPAN_INVALID' })
    expect(engine.heard('otp.issued')).toEqual([])
  })

  test('O10 a token that could not be kept is none, and one whose take could not be kept stays good, for one', async () => {
    const journal = new FailingJournal()
    const engine = await startTestEngine({ project: plain, ports: { journal } })
    const ana = await engine.connect()
    const token = await create(ana)
    journal.isBroken = true
    await expect(create(ana)).rejects.toThrow()
    const failed = await Promise.allSettled(Array.from({ length: 8 }, () => redeem(engine, token)))
    expect(failed.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 'rejected'))
    expect(ana.row.otps).toEqual({ live: 1, issued: 1, redeemed: 0, expired: 0, replayed: 0 })
    expect(ana.row.shares).toEqual([])
    journal.isBroken = false
    const answers = await Promise.all(Array.from({ length: 8 }, () => redeem(engine, token)))
    expect(answers.filter((answer) => answer !== null)).toHaveLength(1)
    expect(ana.row.otps).toEqual({ live: 0, issued: 1, redeemed: 1, expired: 0, replayed: 7 })
  })

  test('O10 nobody is told before it is kept', async () => {
    const journal = new FailingJournal()
    const engine = await startTestEngine({ project: plain, ports: { journal } })
    const ana = await engine.connect()
    const token = await create(ana)
    const before = journal.appends
    expect(await redeem(engine, token)).not.toBeNull()
    expect(journal.appends).toBe(before + 1)
    const parts = [...((await journal.load()).sessions.get(ana.id)?.keys() ?? [])].map((part) => part.split(':')[0])
    expect(parts.filter((part) => part === 'otp' || part === 'share').sort()).toEqual(['otp', 'otp', 'share'])
  })

  test('O10 a share that was closed stays closed after a restart before anybody is told', async () => {
    const journal = new FailingJournal()
    const engine = await startTestEngine({ project: plain, ports: { journal } })
    const ana = await engine.connect()
    const [one, two] = [await redeem(engine, await create(ana)), await redeem(engine, await create(ana))]
    const kept = async (): Promise<number> =>
      [...((await journal.load()).sessions.get(ana.id)?.keys() ?? [])].filter((part) => part.startsWith('share:')).length
    expect(await kept()).toBe(2)
    await engine.engine.dispatch('web.close', { token: one?.token ?? '' }, edge)
    expect(await kept()).toBe(1)
    journal.isBroken = true
    await expect(engine.engine.dispatch('web.close', { token: two?.token ?? '' }, edge)).rejects.toThrow()
    expect(await find(engine, two?.token ?? '')).toBeNull()
  })

  test('O11 a share is found and marked as used, ends when idle, closed by its browser or by an operator, and has at most 49 beside it', async () => {
    const engine = await startTestEngine({ project: plain })
    const ana = await engine.connect()
    const share = async (): Promise<string> => (await redeem(engine, await create(ana)))?.token ?? ''
    const [idle, used, closed, dropped] = [await share(), await share(), await share(), await share()]
    await engine.clock.advance(59 * 60_000)
    expect(await find(engine, used)).toEqual({ sessionId: ana.id, kind: 'share', guest: false })
    await engine.engine.dispatch('web.close', { token: closed }, edge)
    const { fingerprint = '' } = ana.row.shares.at(-1) ?? {}
    await engine.operator.dispatch('share.close', { sessionId: ana.id, fingerprint })
    await expect(engine.operator.dispatch('share.close', { sessionId: ana.id, fingerprint })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await engine.clock.advance(60_000)
    for (const gone of [idle, closed, dropped]) expect(await find(engine, gone)).toBeNull()
    expect(ana.row.shares).toHaveLength(1)
    for (let n = 0; n < 60; n++) await share()
    expect(ana.row.shares).toHaveLength(50)
    expect(engine.heard('share.closed')).toHaveLength(14)
  })

  test('O11 nothing of tokens and shares is left behind by a session that ended', async () => {
    const engine = await startTestEngine({ project: plain })
    const ana = await engine.connect()
    await Promise.all([create(ana), create(ana)])
    const share = await redeem(engine, await create(ana))
    await webCall(engine, share?.token ?? '', 'me')
    await ana.close()
    await engine.clock.advance(60_000)
    expect(engine.clock.pending).toBe(0)
    expect(engine.host.held).toEqual({ replicas: 0, variables: 0, inFlight: 0 })
  })
})
