import { describe, expect, test } from 'vitest'
import { createGate, startTestEngine, TestEngine, type TestEngineOptions } from '../testing/index.ts'

const designerPassword = 'the owners own secret'

/** A server whose Designer has a password, and a gate before each look at one. */
const gated = async (options: TestEngineOptions = {}) => {
  const engine = await startTestEngine(options)
  await engine.operator.dispatch('directory.setPassword', { name: 'Designer', password: designerPassword })
  const gate = createGate()
  const { hasher } = engine.ports
  const { verifyPassword } = hasher
  let looks = 0
  hasher.verifyPassword = async (password, hash) => {
    looks += 1
    await gate.passed
    return verifyPassword(password, hash)
  }
  return { engine, gate, looks: () => looks }
}

/** The same server, started again on what was kept. */
const startAgain = async (before: TestEngine, options: TestEngineOptions = {}): Promise<TestEngine> => {
  await before.stop()
  return startTestEngine({ ...options, ports: { settings: before.ports.settings } })
}

describe('rejecting new connections', () => {
  test('A40 newcomers hear the operator’s message; whoever has a session goes on, and comes back', async () => {
    const engine = await startTestEngine({ project: { methods: { hello: () => 'hi' } } })
    const ana = await engine.connect('ana')
    const row = await engine.as('olga', 'operator').dispatch('connections.reject', { message: ' Backup until noon ' })
    expect(row).toMatchObject({ accepting: false, message: 'Backup until noon' })
    expect(await engine.connect('bob').catch((error: unknown) => error)).toMatchObject({
      name: 'ConnectionRefused',
      code: 'REJECTING_CONNECTIONS',
      message: 'Backup until noon',
      retryable: true,
      retryAfterMs: 60_000,
    })
    expect(await ana.call('hello')).toBe('hi')
    expect((await ana.process('second')).number).toBeGreaterThan(0)
    await ana.lose()
    expect(await ana.resume()).toMatchObject({ resumed: true })
    expect(await engine.operator.dispatch('connections.accept', {})).toMatchObject({ accepting: true, message: '' })
    await engine.connect('bob')
    expect(engine.heard('entry.changed').map(({ accepting }) => accepting)).toEqual([false, true])
  })

  test('A40 without a message there is a sentence, and one that is too long changes nothing', async () => {
    const engine = await startTestEngine()
    await expect(engine.operator.dispatch('connections.reject', { message: 'x'.repeat(1001) })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    await engine.connect()
    await engine.operator.dispatch('connections.reject', { message: '' })
    await expect(engine.connect()).rejects.toMatchObject({ code: 'REJECTING_CONNECTIONS', message: expect.stringMatching(/no new connections/) })
  })

  test('A40 it holds over a restart, together with the address table', async () => {
    const engine = await startTestEngine()
    await engine.operator.dispatch('connections.setAddresses', { rules: [{ mode: 'deny', ip: '10.0.0.9' }] })
    await engine.operator.dispatch('connections.reject', { message: 'Later' })
    const again = await startAgain(engine)
    expect((await again.reads.server()).entry).toEqual((await engine.reads.server()).entry)
    await again.operator.dispatch('connections.accept', {})
    await again.operator.dispatch('connections.setAddresses', { rules: [] })
    const third = await startAgain(again)
    await third.connect()
  })

  test('A40 an act of an operator who is there before the server has started loses nothing that was kept', async () => {
    const engine = await startTestEngine()
    await engine.operator.dispatch('connections.setAddresses', { rules: [{ mode: 'deny', ip: '10.0.0.9' }] })
    const early = new TestEngine({ ports: { settings: engine.ports.settings } })
    await early.operator.dispatch('connections.reject', { message: 'Not yet' })
    await early.start()
    expect((await early.reads.server()).entry).toMatchObject({ accepting: false, message: 'Not yet', addresses: [{ ip: '10.0.0.9' }] })
  })

  test('A40 a server that cannot read what was kept does not start', async () => {
    for (const kept of ['{', '{}', 'null', '{"accepting":true,"message":"","addresses":[{"mode":"deny","ip":"10.0.0"}]}']) {
      const engine = new TestEngine()
      await engine.ports.settings.set('entry', kept)
      await expect(engine.start()).rejects.toBeInstanceOf(Error)
      await expect(engine.connect()).rejects.toMatchObject({ code: 'SERVER_STARTING' })
    }
  })
})

describe('addresses', () => {
  test('A44 a denied address neither signs in nor resumes, from the moment of the change, and the connected stay', async () => {
    const engine = await startTestEngine({ project: { methods: { hello: () => 'hi' } } })
    const ana = await engine.connect('ana', { address: '10.0.0.9' })
    await engine.operator.dispatch('connections.setAddresses', {
      rules: [
        { mode: 'deny', ip: '10.0.0.9' },
        { mode: 'allow', ip: '*' },
      ],
    })
    expect(await engine.connect('eve', { address: '10.0.0.9' }).catch((error: unknown) => error)).toMatchObject({
      name: 'ConnectionRefused',
      code: 'ADDRESS_DENIED',
      message: expect.stringContaining('10.0.0.9'),
      retryable: false,
    })
    await engine.connect('bob', { address: '10.0.0.8' })
    expect(await ana.call('hello')).toBe('hi')
    await ana.lose()
    await expect(ana.resume(undefined, '10.0.0.9')).rejects.toMatchObject({ name: 'ConnectionRefused', code: 'ADDRESS_DENIED' })
    expect(ana.row.state).toBe('unreachable')
    expect(await ana.resume(undefined, '10.0.0.8')).toMatchObject({ resumed: true })
  })

  test('A44 whoever administers cannot lock himself out', async () => {
    const engine = await startTestEngine()
    await engine.operator.dispatch('directory.setPassword', { name: 'Designer', password: designerPassword })
    await engine.operator.dispatch('connections.setAddresses', { rules: [{ mode: 'deny', ip: '*' }] })
    await expect(engine.connect('Designer', { password: designerPassword, address: 'localhost' })).rejects.toMatchObject({ code: 'ADDRESS_DENIED' })
    const signIn = { user: 'Designer', password: designerPassword, address: '10.0.0.9' }
    expect(await engine.engine.dispatch('operator.signIn', signIn, { kind: 'edge', address: '10.0.0.9' })).toMatchObject({ operator: { role: 'admin' } })
  })

  test('A43 a table with anything wrong in it changes nothing', async () => {
    const engine = await startTestEngine()
    const before = await engine.operator.dispatch('connections.setAddresses', { rules: [{ mode: 'allow', ip: '10.*' }] })
    expect(before.warnings).toEqual([expect.stringContaining('allow *')])
    const heard = engine.heard('entry.changed').length
    for (const rules of [
      [
        { mode: 'deny', ip: '*' },
        { mode: 'allow', ip: '10.0.0' },
      ],
      Array.from({ length: 10_000 }, () => ({ mode: 'deny', ip: '*' })),
    ]) {
      await expect(engine.operator.dispatch('connections.setAddresses', { rules })).rejects.toMatchObject({ code: 'ADDRESS_RULES_INVALID' })
    }
    await expect(engine.operator.dispatch('connections.addAddress', { mode: 'maybe', ip: '*' })).rejects.toMatchObject({ code: 'ADDRESS_RULES_INVALID' })
    expect((await engine.reads.server()).entry).toEqual(before)
    expect(engine.heard('entry.changed')).toHaveLength(heard)
    expect(await engine.ports.settings.get('entry')).toContain('10.*')
    await engine.connect('ana', { address: '10.0.0.1' })
  })

  test('A43 a change that cannot be kept changes nothing', async () => {
    const engine = await startTestEngine()
    engine.ports.settings.set = () => Promise.reject(new Error('disk full'))
    await expect(engine.operator.dispatch('connections.setAddresses', { rules: [{ mode: 'deny', ip: '*' }] })).rejects.toThrow('disk full')
    await expect(engine.operator.dispatch('connections.reject', { message: '' })).rejects.toThrow('disk full')
    await engine.connect()
  })

  test('A48 rules that are added at once are all there', async () => {
    const engine = await startTestEngine()
    const ips = Array.from({ length: 20 }, (_none, index) => `10.0.0.${index}`)
    await Promise.all(ips.map((ip) => engine.operator.dispatch('connections.addAddress', { mode: 'deny', ip })))
    const { entry } = await engine.reads.server()
    expect(entry.addresses.map(({ ip }) => ip)).toEqual([...ips, '*'])
    expect(entry.addresses.at(-1)?.mode).toBe('allow')
  })

  test('A22 the record tells what was made of entry', async () => {
    const engine = await startTestEngine()
    const { operator } = engine
    await operator.dispatch('connections.reject', { message: 'Backup' })
    await operator.dispatch('connections.setAddresses', { rules: [{ mode: 'deny', ip: '10.0.0.1' }] })
    await operator.dispatch('connections.addAddress', { mode: 'allow', ip: '*' })
    await operator.dispatch('licences.set', { maximum: null })
    await operator.dispatch('licences.set', { maximum: -1 }).catch(() => undefined)
    const entries = await engine.reads.audit({ limit: 5, before: null })
    expect(entries.map(({ act, target, code }) => [act, target, code]).reverse()).toEqual([
      ['connections.reject', 'Backup', null],
      ['connections.setAddresses', '[{"mode":"deny","ip":"10.0.0.1"}]', null],
      ['connections.addAddress', 'allow *', null],
      ['licences.set', 'none', null],
      ['licences.set', '-1', 'BAD_REQUEST'],
    ])
  })
})

describe('the order of refusals', () => {
  /** Everything is wrong with this one at once. */
  const hopeless = { project: 'Another', password: 'wrong', address: '10.0.0.9' }

  test('A45 they come in one order, and passwords are looked at last', async () => {
    const { engine, gate, looks } = await gated({ maxClients: 0 })
    gate.open()
    const { operator } = engine
    await operator.dispatch('connections.setAddresses', { rules: [{ mode: 'deny', ip: '*' }] })
    await operator.dispatch('connections.reject', { message: 'Later' })
    const codes: string[] = []
    const knock = async () =>
      codes.push(
        await engine
          .connect('Designer', hopeless)
          .catch((error: { code: string }) => error.code)
          .then(String),
      )
    await knock()
    await operator.dispatch('connections.setAddresses', { rules: [] })
    await knock()
    await operator.dispatch('connections.accept', {})
    await knock()
    await operator.dispatch('licences.set', { maximum: null })
    await knock()
    expect(looks()).toBe(0)
    codes.push(
      await engine
        .connect('Designer', { ...hopeless, project: null })
        .catch((error: { code: string }) => error.code)
        .then(String),
    )
    expect(codes).toEqual(['ADDRESS_DENIED', 'REJECTING_CONNECTIONS', 'LICENCES_EXHAUSTED', 'UNKNOWN_PROJECT', 'BAD_CREDENTIALS'])
    await operator.dispatch('connections.setAddresses', { rules: [{ mode: 'deny', ip: '*' }] })
    await engine.stop()
    await expect(engine.connect('Designer', hopeless)).rejects.toMatchObject({ code: 'SERVER_STOPPING' })
  })

  test.each([
    ['ADDRESS_DENIED', 'connections.setAddresses', { rules: [{ mode: 'deny', ip: '10.0.0.1' }] }],
    ['REJECTING_CONNECTIONS', 'connections.reject', { message: '' }],
    ['LICENCES_EXHAUSTED', 'licences.set', { maximum: 0 }],
  ] as const)('A45 %s is asked for again after the password was checked', async (code, command, input) => {
    const { engine, gate, looks } = await gated()
    const opening = engine.connect('Designer', { password: designerPassword }).catch((error: unknown) => error)
    await engine.settle()
    expect(looks()).toBe(1)
    await engine.operator.dispatch(command, input)
    gate.open()
    expect(await opening).toMatchObject({ name: 'ConnectionRefused', code })
    expect((await engine.reads.server()).sessions.remote).toBe(0)
  })
})
