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

  test('G33 a link signs in once, and the edge is told to keep the session', async () => {
    const engine = await startTestEngine({ project: {} })
    const { token } = await callerFor(engine, 'admin').tokens.createLink()
    const keep = vi.fn<Context['keepSignedIn']>()
    expect(await callerFor(engine, null, keep).auth.exchange({ token })).toMatchObject({ role: 'admin' })
    expect(keep).toHaveBeenCalledWith(expect.objectContaining({ token: expect.not.stringMatching(token) }))
    expect(await failure(callerFor(engine, null).auth.exchange({ token }))).toMatchObject({ tessera: 'BAD_CREDENTIALS' })
  })
})
