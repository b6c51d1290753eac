import { describe, expect, test } from 'vitest'
import { startTestEngine, type TestEngine } from '../testing/index.ts'

const password = 'a secret of fifteen'
const edge = { kind: 'edge', address: '10.0.0.1' } as const

const staffed = async (): Promise<TestEngine> => {
  const engine = await startTestEngine()
  const { operator } = engine
  for (const name of ['Night shift', 'Operators', 'Viewers', 'Sales']) await operator.dispatch('directory.putGroup', { name, users: [], groups: [] })
  await operator.dispatch('directory.putGroup', { name: 'Operators', users: [], groups: ['Night shift'] })
  await operator.dispatch('directory.addUser', { name: 'Olga', password, groups: ['Night shift'] })
  await operator.dispatch('directory.addUser', { name: 'Viktor', password, groups: ['Viewers'] })
  await operator.dispatch('directory.addUser', { name: 'Sam', password, groups: ['Sales'] })
  await operator.dispatch('directory.setPassword', { name: 'Administrator', password })
  return engine
}

const signIn = (engine: TestEngine, user: string, given = password) =>
  engine.engine.dispatch('operator.signIn', { user, password: given, address: '10.0.0.1' }, edge)

describe('operators', () => {
  test('A18 Designer and Administrator administer, Operators operate, Viewers look, nobody else gets in', async () => {
    const engine = await staffed()
    await engine.operator.dispatch('directory.setPassword', { name: 'Designer', password })
    const roles = await Promise.all(['designer', 'Administrator', 'Olga', 'Viktor'].map(async (user) => (await signIn(engine, user)).operator.role))
    expect(roles).toEqual(['admin', 'admin', 'operator', 'viewer'])
    await expect(signIn(engine, 'Sam')).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
    await expect(signIn(engine, 'Olga', 'wrong')).rejects.toMatchObject({ code: 'BAD_CREDENTIALS' })
    const { operator } = await signIn(engine, 'Olga')
    expect(operator).toEqual({ name: 'Olga', role: 'operator', serverId: expect.stringMatching(/^[0-9a-f]{8}$/), project: 'Shop' })
  })

  test('A18 a password that is too short for an operator is no way in, though it was long enough when it was set', async () => {
    const engine = await staffed()
    await engine.operator.dispatch('directory.addUser', { name: 'Ina', password: 'a short one', groups: [] })
    await engine.operator.dispatch('directory.putGroup', { name: 'Viewers', users: ['Viktor', 'Ina'], groups: [] })
    await expect(signIn(engine, 'Ina', 'a short one')).rejects.toMatchObject({ code: 'PASSWORD_TOO_WEAK' })
  })

  test('A19 a link works once, within 15 minutes', async () => {
    const engine = await startTestEngine()
    const exchange = (token: string) => engine.engine.dispatch('operator.exchange', { token, address: '10.0.0.1' }, edge)
    const { token, expiresAt } = await engine.operator.dispatch('link.create', {})
    expect(expiresAt).toBe('2026-01-05T08:15:00.000Z')
    expect(await engine.reads.operator(token, true)).toBeNull()
    const both = await Promise.allSettled([exchange(token), exchange(token)])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const late = await engine.operator.dispatch('link.create', {})
    await engine.clock.advance(15 * 60_000)
    await expect(exchange(late.token)).rejects.toMatchObject({ code: 'BAD_CREDENTIALS' })
  })

  test('A19 what is no link is not used up by being given as one', async () => {
    const engine = await startTestEngine()
    const { token } = await engine.operator.dispatch('token.create', { name: 'ci', role: 'viewer' })
    await expect(engine.engine.dispatch('operator.exchange', { token, address: '10.0.0.1' }, edge)).rejects.toMatchObject({ code: 'BAD_CREDENTIALS' })
    expect(await engine.reads.operator(token, false)).toMatchObject({ name: 'ci', role: 'viewer', via: 'token' })
    await expect(engine.operator.dispatch('token.create', { name: 'ci', role: 'admin' })).rejects.toMatchObject({ code: 'ALREADY_EXISTS' })
    await expect(engine.operator.dispatch('token.create', { name: 'no good', role: 'admin' })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    expect(await engine.operator.dispatch('token.revoke', { name: 'ci' })).toEqual({ revoked: 1 })
    expect(await engine.reads.operator(token, false)).toBeNull()
  })

  test('A19 a console session ends after 30 idle minutes, or 12 hours', async () => {
    const engine = await staffed()
    const idle = await signIn(engine, 'Viktor')
    await engine.clock.advance(29 * 60_000)
    expect(await engine.reads.operator(idle.token, false)).toMatchObject({ name: 'Viktor', via: 'console' })
    await engine.clock.advance(60_000)
    expect(await engine.reads.operator(idle.token, true)).toBeNull()
    const busy = await signIn(engine, 'Viktor')
    for (let minutes = 0; minutes < 12 * 60; minutes += 20) {
      expect(await engine.reads.operator(busy.token, true)).not.toBeNull()
      await engine.clock.advance(20 * 60_000)
    }
    expect(await engine.reads.operator(busy.token, true)).toBeNull()
  })

  test('A19 the owner’s token is new at each start, and a session signed out is over', async () => {
    const engine = await startTestEngine()
    const { TestEngine } = await import('../testing/index.ts')
    const again = new TestEngine({ ports: { credentials: engine.ports.credentials }, seed: 2 })
    const first = await again.start()
    const third = new TestEngine({ ports: { credentials: engine.ports.credentials }, seed: 3 })
    const second = await third.start()
    expect(await third.reads.operator(first, false)).toBeNull()
    expect(await third.reads.operator(second, false)).toEqual({ kind: 'operator', name: 'owner', role: 'admin', via: 'owner' })
    const link = await third.operator.dispatch('link.create', {})
    const { token } = await third.engine.dispatch('operator.exchange', { token: link.token, address: '::1' }, edge)
    await third.operator.dispatch('operator.signOut', { token })
    expect(await third.reads.operator(token, false)).toBeNull()
    expect(third.heard('operator.signedOut')).toHaveLength(1)
  })

  test('A20 who is disabled, removed or given another password loses the console at once', async () => {
    const engine = await staffed()
    const { operator } = engine
    const tokens = {
      olga: (await signIn(engine, 'Olga')).token,
      viktor: (await signIn(engine, 'Viktor')).token,
      admin: (await signIn(engine, 'Administrator')).token,
    }
    await operator.dispatch('directory.setEnabled', { name: 'olga', enabled: false })
    await operator.dispatch('directory.setPassword', { name: 'viktor', password: 'another long secret' })
    expect(await Promise.all(Object.values(tokens).map(async (token) => (await engine.reads.operator(token, false))?.name))).toEqual([
      undefined,
      undefined,
      'Administrator',
    ])
    const fresh = (await signIn(engine, 'Viktor', 'another long secret')).token
    await operator.dispatch('directory.removeUser', { name: 'Viktor' })
    expect(await engine.reads.operator(fresh, false)).toBeNull()
    expect(engine.heard('operator.signedOut')).toHaveLength(3)
  })

  test('A20 who is put out of a group, however far away, loses what it gave', async () => {
    const engine = await staffed()
    const { token: olga } = await signIn(engine, 'Olga')
    const { token: viktor } = await signIn(engine, 'Viktor')
    await engine.operator.dispatch('directory.putGroup', { name: 'Operators', users: [], groups: [] })
    expect(await engine.reads.operator(olga, false)).toBeNull()
    expect(await engine.reads.operator(viktor, false)).toMatchObject({ role: 'viewer' })
    await engine.operator.dispatch('directory.putGroup', { name: 'Operators', users: ['Viktor'], groups: [] })
    expect(await engine.reads.operator(viktor, false)).toBeNull()
    expect((await signIn(engine, 'Viktor')).operator.role).toBe('operator')
  })
})
