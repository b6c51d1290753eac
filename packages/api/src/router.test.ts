import { startTestEngine, type TestEngine } from '@tessera/core/testing'
import { TesseraError } from '@tessera/protocol'
import { describe, expect, test, vi } from 'vitest'
import type { Context, Operator } from './context.ts'
import { appRouter } from './router.ts'

const operator = (role: Operator['role']): Operator => ({ kind: 'operator', name: 'olga', role, via: 'token' })

const callerFor = ({ engine }: TestEngine, role: Operator['role'] | null, keepSignedIn: Context['keepSignedIn'] = () => undefined) =>
  appRouter.createCaller({ engine, operator: role === null ? null : operator(role), token: null, address: '192.0.2.7', keepSignedIn })

const failure = async (promise: Promise<unknown>): Promise<{ code: string; tessera: unknown }> => {
  const error = (await promise.then(
    () => new Error('it was answered'),
    (thrown: unknown) => thrown,
  )) as { code: string; cause?: unknown }
  return { code: error.code, tessera: error.cause instanceof TesseraError ? error.cause.code : null }
}

describe('the administration API', () => {
  test('G30 nothing but signing in answers whoever is not signed in', async () => {
    const engine = await startTestEngine({ project: {} })
    const caller = callerFor(engine, null)
    for (const ask of [caller.auth.me(), caller.server.info(), caller.sessions.list({}), caller.directory.users(), caller.versions.reload()]) {
      expect(await failure(ask)).toEqual({ code: 'UNAUTHORIZED', tessera: 'SIGN_IN_REQUIRED' })
    }
  })

  test('G30 viewers look, operators act, admins hand out rights', async () => {
    const engine = await startTestEngine({ project: {} })
    const ana = await engine.connect('ana')
    const viewer = callerFor(engine, 'viewer')
    expect((await viewer.sessions.list({})).rows).toContainEqual(expect.objectContaining({ id: ana.id }))
    expect(await failure(viewer.sessions.disconnect({ ids: [ana.id] }))).toEqual({ code: 'FORBIDDEN', tessera: 'NOT_ALLOWED' })
    const acting = callerFor(engine, 'operator')
    expect(await failure(acting.tokens.create({ name: 'ci', role: 'admin' }))).toMatchObject({ tessera: 'NOT_ALLOWED' })
    expect(await acting.sessions.disconnect({ ids: [ana.id], reason: 'closing' })).toEqual({ results: [{ id: ana.id, ok: true }], job: null })
    expect(await callerFor(engine, 'admin').tokens.create({ name: 'ci', role: 'viewer' })).toMatchObject({
      name: 'ci',
      role: 'viewer',
      token: expect.any(String),
    })
  })

  test('G31 lists are paged, and a cursor reads on', async () => {
    const engine = await startTestEngine({ project: {} })
    for (const name of ['ana', 'bea', 'cid']) await engine.connect(name)
    const caller = callerFor(engine, 'viewer')
    const first = await caller.sessions.list({ query: { chips: ['remote'] }, limit: 2 })
    const second = await caller.sessions.list({ query: { chips: ['remote'] }, limit: 2, cursor: first.cursor })
    expect([first.rows.length, second.rows.length, second.cursor, first.matching, first.total]).toEqual([2, 1, null, 3, 4])
    expect(new Set([...first.rows, ...second.rows].map(({ id }) => id)).size).toBe(3)
    expect((await failure(caller.sessions.list({ limit: 501 }))).code).toBe('BAD_REQUEST')
  })

  test('G31 a bulk act names its sessions or a query, not both and not neither', async () => {
    const engine = await startTestEngine({ project: {} })
    const caller = callerFor(engine, 'operator')
    for (const meant of [{}, { ids: ['A'], match: {} }]) {
      expect(await failure(caller.sessions.disconnect({ ...meant, reason: '' }))).toMatchObject({ tessera: 'BAD_REQUEST' })
    }
  })

  test('G32 procedures stands for the stored procedures session', async () => {
    const engine = await startTestEngine({ project: {} })
    const caller = callerFor(engine, 'operator')
    expect(await caller.storage.patch({ session: 'procedures', slot: 'motd', text: '"hello"' })).toEqual({ clock: 1 })
    expect(await caller.storage.get({ session: 'procedures' })).toMatchObject({
      clock: 1,
      slots: [{ slot: 'motd', text: '"hello"', changedBy: 'olga (token)' }],
    })
    expect(await caller.storage.history({ session: 'procedures' })).toMatchObject({
      changes: [{ clock: 1, by: 'olga (token)', slots: [{ slot: 'motd', before: null, after: '"hello"', cut: false }], more: 0 }],
    })
    expect(await failure(caller.storage.patch({ session: 'procedures', slot: 'motd', text: '{' }))).toMatchObject({ tessera: 'NOT_STORABLE' })
    expect(await failure(caller.storage.get({ session: 'F'.repeat(32) }))).toEqual({ code: 'NOT_FOUND', tessera: 'SESSION_NOT_FOUND' })
  })

  test('A43 the address table is taken whole or refused with every problem, and admins alone change it', async () => {
    const engine = await startTestEngine({ project: {} })
    const admin = callerFor(engine, 'admin')
    const rules = [
      { mode: 'allow', ip: '10.0.0.0/8' },
      { mode: 'allow', ip: '*' },
    ]
    expect(await admin.server.setAddresses({ rules })).toEqual({ accepting: true, message: '', addresses: rules, warnings: [] })
    expect(await admin.server.addAddress({ mode: 'deny', ip: '11.0.0.1' })).toMatchObject({ addresses: [{}, { mode: 'deny', ip: '11.0.0.1' }, {}] })
    const bad = Array.from({ length: 3 }, () => ({ mode: 'perhaps', ip: '10.0.0' }))
    const refused: unknown = await admin.server.setAddresses({ rules: bad }).catch((error: { cause: unknown }) => error.cause)
    expect(refused).toMatchObject({ code: 'ADDRESS_RULES_INVALID', problems: { length: 6 } })
    const many = Array.from({ length: 10_000 }, () => ({ mode: 'deny', ip: '10.0.0.1' }))
    expect(await failure(admin.server.setAddresses({ rules: many }))).toEqual({ code: 'UNPROCESSABLE_CONTENT', tessera: 'ADDRESS_RULES_INVALID' })
    expect((await admin.server.info()).entry.addresses).toHaveLength(3)
    for (const act of [callerFor(engine, 'operator').server.setAddresses({ rules: [] }), callerFor(engine, 'operator').licences.set({ maximum: 1 })]) {
      expect(await failure(act)).toMatchObject({ tessera: 'NOT_ALLOWED' })
    }
  })

  test('A40 operators reject and accept new connections, viewers see it', async () => {
    const engine = await startTestEngine({ project: {} })
    const acting = callerFor(engine, 'operator')
    expect(await acting.server.rejectConnections({ message: 'Backup' })).toMatchObject({ accepting: false, message: 'Backup' })
    await expect(engine.connect()).rejects.toMatchObject({ code: 'REJECTING_CONNECTIONS', message: 'Backup' })
    expect((await callerFor(engine, 'viewer').server.info()).entry).toMatchObject({ accepting: false, message: 'Backup' })
    expect(await failure(callerFor(engine, 'viewer').server.acceptConnections({}))).toMatchObject({ tessera: 'NOT_ALLOWED' })
    expect(await acting.server.acceptConnections({})).toMatchObject({ accepting: true })
    await engine.connect()
  })

  test('A46 licences are read by viewers and changed by admins', async () => {
    const engine = await startTestEngine({ project: {} })
    await engine.connect()
    const admin = callerFor(engine, 'admin')
    expect(await admin.licences.set({ maximum: 5 })).toEqual({ maximum: 5, used: 1, remote: 1, web: 0, warnings: [] })
    expect(await callerFor(engine, 'viewer').licences.get()).toMatchObject({ maximum: 5, used: 1 })
    expect(await failure(admin.licences.set({ maximum: 0.5 }))).toEqual({ code: 'BAD_REQUEST', tessera: 'BAD_REQUEST' })
    expect(await admin.licences.set({ maximum: null })).toMatchObject({ maximum: null })
  })

  test('A33, A34 roles are shown and explained to whoever is signed in, and put into force by admins', async () => {
    const roles = JSON.stringify({
      privileges: [{ privilege: 'Sales' }],
      permissions: { allowed: [{ applyTo: 'Orders', type: 'dataclass', read: ['Sales'] }] },
    })
    const engine = await startTestEngine({ project: { roles } })
    const ana = await engine.connect('ana')
    const viewer = callerFor(engine, 'viewer')
    expect(await viewer.roles.get()).toMatchObject({ privileges: [{ privilege: 'Sales', expanded: ['Sales'] }], problem: null })
    expect(await viewer.roles.explain({ session: ana.id, action: 'read', resource: 'Orders' })).toMatchObject({
      desktop: { allowed: true },
      web: { allowed: false, wouldDo: ['Sales'] },
    })
    expect(await failure(viewer.roles.explain({ session: ana.id, action: 'promote', resource: 'Orders' }))).toMatchObject({ tessera: 'BAD_REQUEST' })
    expect(await failure(viewer.roles.explain({ session: 'F'.repeat(32), action: 'read', resource: 'Orders' }))).toMatchObject({ tessera: 'SESSION_NOT_FOUND' })
    expect(await failure(callerFor(engine, 'operator').roles.reload())).toEqual({ code: 'FORBIDDEN', tessera: 'NOT_ALLOWED' })
    expect(await callerFor(engine, 'admin').roles.reload()).toEqual({ changed: false, warnings: [] })
    engine.edit({ roles: '{' })
    expect(await failure(callerFor(engine, 'admin').roles.reload())).toEqual({ code: 'UNPROCESSABLE_CONTENT', tessera: 'ROLES_INVALID' })
    expect((await viewer.server.info()).rolesProblem).toMatchObject({ by: 'olga (token)' })
  })

  test('G33 a link signs in once, and the edge is told to keep the session', async () => {
    const engine = await startTestEngine({ project: {} })
    const { token } = await callerFor(engine, 'admin').tokens.createLink()
    const keep = vi.fn<Context['keepSignedIn']>()
    expect(await callerFor(engine, null, keep).auth.exchange({ token })).toMatchObject({ role: 'admin' })
    expect(keep).toHaveBeenCalledWith(expect.objectContaining({ token: expect.not.stringMatching(token) }))
    expect(await failure(callerFor(engine, null).auth.exchange({ token }))).toMatchObject({ tessera: 'BAD_CREDENTIALS' })
  })

  test('G53 operators send methods to clients and ask what became of it; viewers see who is registered', async () => {
    const engine = await startTestEngine({ project: {} })
    const ana = await engine.connect('ana')
    await ana.register('till')
    const viewer = callerFor(engine, 'viewer')
    expect((await viewer.clients.list()).clients).toMatchObject([{ name: 'till', sessionId: ana.id, pending: 0 }])
    expect(await failure(viewer.clients.order({ name: 'till', method: 'ring' }))).toMatchObject({ tessera: 'NOT_ALLOWED' })
    const acting = callerFor(engine, 'operator')
    for (const args of ['{}', 'no text'])
      expect(await failure(acting.clients.order({ name: 'till', method: 'ring', args }))).toMatchObject({ code: 'BAD_REQUEST' })
    const { id } = await acting.clients.order({ name: 'TILL', method: 'ring', args: '[1]' })
    await acting.clients.order({ name: '@', method: 'more' })
    await ana.orderDone(1, 'rang')
    expect((await acting.clients.results({ id })).recipients).toMatchObject([{ state: 'done', value: '"rang"' }])
    expect((await viewer.clients.get({ id })).recipients).toHaveLength(1)
    expect(await acting.clients.cancel({ id })).toEqual({ cancelled: 0 })
  })

  test('G54 a message answers under which id can be asked who has received it', async () => {
    const engine = await startTestEngine({ project: {} })
    const ana = await engine.connect('ana')
    const acting = callerFor(engine, 'operator')
    const { receipt = '' } = await acting.sessions.message({ ids: [ana.id], text: 'hello' })
    await ana.received(1)
    expect((await acting.sessions.receipt({ id: receipt })).recipients).toMatchObject([{ sessionId: ana.id, state: 'received' }])
  })
})
