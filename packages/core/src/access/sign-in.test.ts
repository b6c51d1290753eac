import { describe, expect, test } from 'vitest'
import { createGate, startTestEngine, type TestEngine, type TestEngineOptions } from '../testing/index.ts'

const designerPassword = 'the owners own secret'
const anaPassword = 'anas secret'

/** A server whose Designer has a password, with the user Ana. */
const guarded = async (options: TestEngineOptions = {}): Promise<TestEngine> => {
  const engine = await startTestEngine(options)
  const { operator } = engine
  await operator.dispatch('directory.putGroup', { name: 'Sales', users: [], groups: [] })
  await operator.dispatch('directory.addUser', { name: 'Ana', password: anaPassword, groups: ['sales'] })
  await operator.dispatch('directory.setPassword', { name: 'Designer', password: designerPassword })
  return engine
}

describe('signing in', () => {
  test('A14 until Designer has a password everybody is Designer; then a name and its password are needed', async () => {
    const engine = await startTestEngine()
    expect((await engine.connect('whoever', { password: 'whatever' })).welcome.userName).toBe('Designer')
    const { operator } = engine
    await operator.dispatch('directory.setPassword', { name: 'Designer', password: designerPassword })
    await expect(engine.connect(null)).rejects.toMatchObject({ name: 'ConnectionRefused', code: 'BAD_CREDENTIALS' })
    expect((await engine.connect('designer', { password: designerPassword })).welcome.userName).toBe('Designer')
    await operator.dispatch('directory.setPassword', { name: 'Designer', password: null })
    expect((await engine.connect(null)).welcome.userName).toBe('Designer')
  })

  test('A15 a wrong name, a wrong password and a disabled user are refused alike', async () => {
    const engine = await guarded()
    expect((await engine.connect('ANA', { password: anaPassword })).welcome.userName).toBe('Ana')
    const refusals = await Promise.all([
      engine.connect('Ana', { password: 'not this one' }).catch(String),
      engine.connect('Nobody', { password: anaPassword }).catch(String),
      engine.connect('Administrator', { password: '' }).catch(String),
    ])
    await engine.operator.dispatch('directory.setEnabled', { name: 'Ana', enabled: false })
    refusals.push(await engine.connect('Ana', { password: anaPassword }).catch(String))
    expect(new Set(refusals).size).toBe(1)
    expect((await engine.reads.users()).find(({ name }) => name === 'Ana')?.lastSeenAt).toBe('2026-01-05T08:00:00.000Z')
  })

  test('A15 a user who is disabled while the password is checked does not get in', async () => {
    const engine = await guarded()
    const gate = createGate()
    const { hasher } = engine.ports
    const { verifyPassword } = hasher
    hasher.verifyPassword = async (password, hash) => {
      await gate.passed
      return verifyPassword(password, hash)
    }
    const opening = engine.connect('Ana', { password: anaPassword }).catch((error: unknown) => error)
    await engine.settle()
    await engine.operator.dispatch('directory.setEnabled', { name: 'Ana', enabled: false })
    gate.open()
    expect(await opening).toMatchObject({ code: 'BAD_CREDENTIALS' })
  })

  test('A16 after five failures an account and an address wait, longer each time, until they succeed', async () => {
    const engine = await guarded()
    const attempt = (password: string, address = '10.0.0.1') => engine.connect('Ana', { password, address })
    for (let failure = 0; failure < 5; failure++) await expect(attempt('wrong one')).rejects.toMatchObject({ code: 'BAD_CREDENTIALS' })
    await expect(attempt(anaPassword)).rejects.toMatchObject({ name: 'ConnectionRefused', code: 'TOO_MANY_ATTEMPTS', retryAfterMs: 30_000 })
    await expect(attempt(anaPassword, '10.0.0.2')).rejects.toMatchObject({ code: 'TOO_MANY_ATTEMPTS' })
    await expect(engine.connect('Designer', { password: designerPassword })).rejects.toMatchObject({ code: 'TOO_MANY_ATTEMPTS' })
    await engine.clock.advance(30_000)
    await expect(attempt('wrong one')).rejects.toMatchObject({ code: 'BAD_CREDENTIALS' })
    await expect(attempt(anaPassword)).rejects.toMatchObject({ retryAfterMs: 60_000 })
    await engine.clock.advance(60_000)
    await attempt(anaPassword)
    await expect(attempt('wrong one')).rejects.toMatchObject({ code: 'BAD_CREDENTIALS' })
    await attempt(anaPassword)
  })

  test('A16 the longest wait is an hour', async () => {
    const engine = await guarded()
    for (let failure = 0; failure < 30; failure++) {
      await engine.connect('Ana', { password: 'wrong one' }).catch(() => undefined)
      await engine.clock.advance(3_600_000)
    }
    await engine.connect('Ana', { password: 'wrong one' }).catch(() => undefined)
    await expect(engine.connect('Ana', { password: anaPassword })).rejects.toMatchObject({ retryAfterMs: 3_600_000 })
  })

  test('A16 guesses made at once gain nothing', async () => {
    const engine = await guarded()
    const guesses = Array.from({ length: 100 }, (_none, index) => (index === 99 ? anaPassword : `guess number ${index}`))
    const results = await Promise.allSettled(guesses.map((password, index) => engine.connect('Ana', { password, address: `10.0.1.${index}` })))
    const codes = results.map((result) => (result.status === 'fulfilled' ? 'in' : String(result.reason.code)))
    expect(codes.filter((code) => code === 'BAD_CREDENTIALS')).toHaveLength(5)
    expect(codes.filter((code) => code === 'TOO_MANY_ATTEMPTS')).toHaveLength(95)
  })

  test('A16 an alias is no second account to guess at', async () => {
    const engine = await guarded()
    await engine.ports.directory.changeUser('Ana', { alias: 'Boss' })
    for (let failure = 0; failure < 5; failure++) {
      await engine.connect(failure % 2 === 0 ? 'Ana' : 'boss', { password: 'wrong one', address: `10.0.2.${failure}` }).catch(() => undefined)
    }
    await expect(engine.connect('boss', { password: anaPassword, address: '10.0.3.1' })).rejects.toMatchObject({ code: 'TOO_MANY_ATTEMPTS' })
  })

  test('A16 names that an attacker invents do not fill the memory', async () => {
    const { Throttle } = await import('./throttle.ts')
    const { TestClock } = await import('../testing/test-clock.ts')
    const throttle = new Throttle(new TestClock())
    for (let index = 0; index < 20_000; index++) throttle.failed([`name ${index}`])
    expect(throttle.size).toBe(10_000)
  })

  test('A17 a method with groups is called by their users, directly or through others, and by Designer', async () => {
    const engine = await guarded({ project: { methods: { sell: { run: () => 'sold', groups: ['Sales'] }, look: () => 'seen' } } })
    const { operator } = engine
    for (const name of ['Bob', 'Eve']) await operator.dispatch('directory.addUser', { name, password: 'a good secret', groups: [] })
    await operator.dispatch('directory.putGroup', { name: 'Juniors', users: ['Bob'], groups: [] })
    const ana = await engine.connect('Ana', { password: anaPassword })
    const [bob, eve] = await Promise.all(['Bob', 'Eve'].map((name) => engine.connect(name, { password: 'a good secret' })))
    const designer = await engine.connect('Designer', { password: designerPassword })
    expect([await ana.call('sell'), await designer.call('sell'), await eve?.call('look')]).toEqual(['sold', 'sold', 'seen'])
    await expect(bob?.call('sell')).rejects.toMatchObject({ code: 'NOT_ALLOWED', message: expect.stringContaining('Sales') })
    await operator.dispatch('directory.putGroup', { name: 'Sales', users: ['Ana'], groups: ['Juniors'] })
    expect(await bob?.call('sell')).toBe('sold')
    await expect(eve?.call('sell')).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
    await operator.dispatch('directory.putGroup', { name: 'Sales', users: [], groups: [] })
    await expect(ana.call('sell')).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
    expect(engine.host.calls.filter(({ target }) => target.name === 'sell')).toHaveLength(3)
  })

  test('A17, P1 a call that waits for its permission keeps its place', async () => {
    const order: string[] = []
    const note = (name: string) => () => {
      order.push(name)
    }
    const engine = await guarded({ project: { methods: { first: { run: note('first'), groups: ['Sales'] }, second: note('second') } } })
    const ana = await engine.connect('Ana', { password: anaPassword })
    await Promise.all([ana.call('first'), ana.call('second')])
    expect(order).toEqual(['first', 'second'])
  })

  test('A20 who is disabled or removed loses the sessions, with the reason', async () => {
    const engine = await guarded()
    const { operator } = engine
    const ana = await engine.connect('Ana', { password: anaPassword })
    const designer = await engine.connect('Designer', { password: designerPassword })
    await operator.dispatch('directory.setEnabled', { name: 'ana', enabled: false })
    expect(engine.heard('session.closed')).toMatchObject([{ sessionId: ana.id, reason: 'The account was disabled.' }])
    await operator.dispatch('directory.setEnabled', { name: 'ana', enabled: true })
    const again = await engine.connect('Ana', { password: anaPassword })
    await operator.dispatch('directory.removeUser', { name: 'ANA' })
    expect(engine.heard('session.closed')[1]).toMatchObject({ sessionId: again.id, reason: 'The account was removed.' })
    expect(designer.row.state).toBe('active')
  })

  test('A17 groups are named without regard to case, however deep the user is in them', async () => {
    const engine = await guarded({ project: { methods: { sell: { run: () => 'sold', groups: ['SALES'] } } } })
    const { operator } = engine
    await operator.dispatch('directory.addUser', { name: 'Bob', password: 'a good secret', groups: [] })
    await operator.dispatch('directory.putGroup', { name: 'Trainees', users: ['bOB'], groups: [] })
    await operator.dispatch('directory.putGroup', { name: 'Juniors', users: [], groups: ['TRAINEES'] })
    await operator.dispatch('directory.putGroup', { name: 'Night shift', users: [], groups: ['juniors'] })
    const bob = await engine.connect('Bob', { password: 'a good secret' })
    await expect(bob.call('sell')).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
    await operator.dispatch('directory.putGroup', { name: 'sales', users: ['Ana'], groups: ['night SHIFT'] })
    expect(await bob.call('sell')).toBe('sold')
    await operator.dispatch('directory.putGroup', { name: 'Juniors', users: [], groups: [] })
    await expect(bob.call('sell')).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
  })

  test('A17 a group that does not exist lets nobody in but Designer', async () => {
    const engine = await guarded({ project: { methods: { sell: { run: () => 'sold', groups: ['Nobody here'] } } } })
    const ana = await engine.connect('Ana', { password: anaPassword })
    await expect(ana.call('sell')).rejects.toMatchObject({ code: 'NOT_ALLOWED', message: expect.stringContaining('Nobody here') })
    expect(await (await engine.connect('Designer', { password: designerPassword })).call('sell')).toBe('sold')
  })

  test('A21 a password has 8 characters at least, 15 of one who administers, 1000 at most, and not the name in it', async () => {
    const { operator } = await startTestEngine()
    const add = (name: string, password: string, groups: string[] = []) => operator.dispatch('directory.addUser', { name, password, groups })
    await operator.dispatch('directory.putGroup', { name: 'Operators', users: [], groups: [] })
    await operator.dispatch('directory.putGroup', { name: 'Night shift', users: [], groups: [] })
    await operator.dispatch('directory.putGroup', { name: 'Operators', users: [], groups: ['Night shift'] })
    await expect(add('Ana', '7 chars')).rejects.toMatchObject({ code: 'PASSWORD_TOO_WEAK' })
    await add('Ana', '8 chars!')
    await expect(add('Bob', 'x'.repeat(1001))).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    await expect(add('Carla', 'my name is CARLA')).rejects.toMatchObject({ code: 'PASSWORD_TOO_WEAK' })
    await add('Al', 'also also also')
    await expect(add('Eve', 'fourteen chars', ['operators'])).rejects.toMatchObject({ code: 'PASSWORD_TOO_WEAK', message: expect.stringContaining('15') })
    await expect(add('Eve', 'fourteen chars', ['night shift'])).rejects.toMatchObject({ code: 'PASSWORD_TOO_WEAK' })
    await add('Eve', 'fifteen chars !', ['night shift'])
    for (const name of ['Eve', 'Designer', 'Administrator']) {
      await expect(operator.dispatch('directory.setPassword', { name, password: 'fourteen chars' })).rejects.toMatchObject({ code: 'PASSWORD_TOO_WEAK' })
    }
    await expect(add('Dan', 'a good secret', ['nowhere'])).rejects.toMatchObject({ code: 'GROUP_NOT_FOUND' })
    for (const name of ['', ' Dan', 'x'.repeat(101)]) await expect(add(name, 'a good secret')).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })

  test('A25 changes of the directory made at once lose nothing', async () => {
    const engine = await startTestEngine()
    const { operator } = engine
    await operator.dispatch('directory.putGroup', { name: 'Sales', users: [], groups: [] })
    const names = Array.from({ length: 20 }, (_none, index) => `user ${index}`)
    await Promise.all(names.map((name) => operator.dispatch('directory.addUser', { name, password: null, groups: ['Sales'] })))
    expect((await engine.reads.groups())[0]?.users).toEqual(names)
  })
})
