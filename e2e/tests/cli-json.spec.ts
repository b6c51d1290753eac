import { join } from 'node:path'
import { expect, test } from '../src/fixtures.ts'

const text = expect.any(String)
const number = expect.any(Number)
const list = expect.any(Array)
const yesOrNo = expect.any(Boolean)
const instant = expect.stringMatching(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/)
const sessionShape = {
  id: expect.stringMatching(/^[0-9A-F]{32}$/),
  kind: expect.stringMatching(/^(remote|storedProcedures|standalone|web)$/),
  userName: text,
  machineName: text,
  address: text,
  state: expect.stringMatching(/^(active|postponed|sleeping|unreachable|draining)$/),
  version: { id: text, digest: text, outdated: yesOrNo },
  privileges: list,
  processes: number,
  createdAt: instant,
  lastActivityAt: instant,
  counted: yesOrNo,
}
const processShape = {
  id: text,
  number,
  sessionId: text,
  kind: expect.stringMatching(/^(twin|storedProcedure|web|databaseMethod|trigger)$/),
  name: text,
  state: text,
  startedAt: instant,
}

test('B2 sessions list and show', async ({ house, connect }) => {
  const remote = await connect(house.url)
  const { sessionId } = remote
  expect(await remote.call('oneTimeToken')).toMatch(/^[\w-]{43}$/)
  const listed = await house.cli.json<{ sessions: unknown[] }>(['sessions', 'list'])
  expect(listed).toMatchObject({ total: 2, matching: 2, cursor: null })
  expect(listed.sessions).toHaveLength(2)
  for (const session of listed.sessions) expect(session).toMatchObject(sessionShape)
  expect(await house.cli.json(['sessions', 'list', '--match', `id:${sessionId}`])).toMatchObject({
    total: 2,
    matching: 1,
    sessions: [{ id: sessionId, kind: 'remote', counted: true }],
  })
  expect(await house.cli.json(['sessions', 'show', sessionId])).toMatchObject({
    ...sessionShape,
    storageClock: number,
    processList: [{ ...processShape, kind: 'twin', sessionId }],
    otps: { live: 1, issued: 1, redeemed: 0, expired: 0, replayed: 0 },
  })
})

test('B2 sessions disconnect, reload, message and end', async ({ house, connect }) => {
  const { sessionId } = await connect(house.url)
  const done = { results: [{ id: sessionId, ok: true }], job: null }
  expect(await house.cli.json(['sessions', 'message', sessionId, 'Back in five minutes'])).toEqual({
    ...done,
    receipt: text,
    recipients: [{ sessionId, userName: 'Designer', state: 'received', error: null }],
  })
  const upToDate = await house.cli.run(['sessions', 'reload', sessionId, '--dry-run', '--json'])
  expect(upToDate.code).toBe(1)
  expect(JSON.parse(upToDate.stdout)).toMatchObject({ results: [{ id: sessionId, ok: false, error: { code: 'ILLEGAL_STATE', message: text } }], job: null })
  expect(await house.cli.json(['sessions', 'end', sessionId, '--grace', '5', '--dry-run'])).toEqual(done)
  expect(await house.cli.json(['sessions', 'disconnect', '--match', `id:${sessionId}`, '--reason', 'closing time'])).toEqual(done)
  const gone = await house.cli.run(['sessions', 'disconnect', sessionId, '--json'])
  expect(gone.code).toBe(1)
  expect(JSON.parse(gone.stdout)).toMatchObject({ results: [{ id: sessionId, ok: false, error: { code: 'SESSION_NOT_FOUND', message: text } }] })
})

test('B2 storage and privileges', async ({ house, connect }) => {
  const { sessionId } = await connect(house.url)
  const { cli } = house
  expect(await cli.json(['storage', 'set', sessionId, 'due', '{"$date":"2026-01-02T03:04:05.000Z"}'])).toEqual({ clock: number })
  expect(await cli.json(['storage', 'get', sessionId])).toMatchObject({
    session: sessionId,
    clock: number,
    slots: { due: { $date: '2026-01-02T03:04:05.000Z' } },
  })
  expect(await cli.json(['storage', 'get', 'procedures'])).toMatchObject({ session: text, clock: number })
  const [edit, view] = ['editProducts', 'viewProducts']
  expect(await cli.json(['privileges', 'set', sessionId, 'editProducts'])).toEqual({ session: sessionId, privileges: [edit, view], set: [edit] })
  expect(await cli.json(['privileges', 'get', sessionId])).toEqual({ session: sessionId, privileges: [edit, view], set: [edit] })
  expect(await cli.json(['privileges', 'clear', sessionId])).toEqual({ session: sessionId, privileges: [], set: [] })
})

test('B2 versions, processes and stored procedures', async ({ house, connect }) => {
  const remote = await connect(house.url)
  await remote.call('hello', 'you')
  const { cli } = house
  const version = { id: text, digest: expect.stringMatching(/^[0-9a-f]{64}$/) }
  const listed = await cli.json<{ versions: unknown[] }>(['versions', 'list'])
  expect(listed).toMatchObject({ current: text })
  for (const row of listed.versions) expect(row).toMatchObject({ ...version, state: text, publishedAt: instant, bytes: number, sessions: number })
  expect(await cli.json(['versions', 'reload'])).toMatchObject({ changed: false, version })
  const { processes } = await cli.json<{ processes: unknown[] }>(['processes', 'list', '--session', remote.sessionId])
  expect(processes).toMatchObject([{ ...processShape, sessionId: remote.sessionId, method: null, isolate: text }])
  expect(processes[0]).toHaveProperty('cpuMs')
  expect(await cli.json(['procedures', 'start', 'add', '2', '3', '--name', 'sum', '--wait'])).toEqual({ processId: text, number, result: 5 })
  expect(await cli.json(['procedures', 'list'])).toMatchObject({
    processes: expect.arrayContaining([expect.objectContaining({ kind: 'storedProcedure', name: 'sum' })]),
  })
})

test('B2 call and run', async ({ house }) => {
  const shape = { result: 5, sessionId: sessionShape.id, version: { id: text, digest: text }, durationMs: number }
  expect(await house.cli.json(['call', house.url, 'add', '2', '3'])).toEqual(shape)
  expect(await house.cli.json(['run', house.project.directory, 'add', '2', '3'])).toEqual(shape)
})

test('B2 tokens, the sign-in link, directory and catalog', async ({ house }) => {
  const { cli } = house
  expect(await cli.json(['token', 'create', 'nightly', '--role', 'operator'])).toMatchObject({
    name: 'nightly',
    role: 'operator',
    token: expect.stringMatching(/^[\w-]{43}$/),
  })
  expect(await cli.json(['token', 'list'])).toMatchObject({ tokens: expect.arrayContaining([expect.objectContaining({ name: 'nightly' })]) })
  await cli.ok(['token', 'revoke', 'nightly'])
  expect(await cli.json(['admin', 'link'])).toEqual({ url: expect.stringMatching(/^http:\/\/localhost:\d+\/console\/#token=[\w-]{43}$/), expiresAt: instant })
  const { users } = await cli.json<{ users: unknown[] }>(['directory', 'users'])
  expect(users).toMatchObject([{ name: 'Designer', groups: list, enabled: true }, { name: 'Administrator' }])
  expect(await cli.json(['directory', 'groups'])).toEqual({ groups: list })
  expect(await cli.json(['catalog', 'show'])).toMatchObject({ revision: number, tables: list, relations: list, indexes: list })
})

test('W42 the record tells when, who, what, why and how it ended, newest first', async ({ house }) => {
  const { cli } = house
  const gone = 'F'.repeat(32)
  await cli.run(['sessions', 'disconnect', gone, '--reason', 'first'])
  await cli.run(['sessions', 'disconnect', gone, '--reason', 'closing\ntime'])
  const entry = { number, at: instant, who: 'owner (owner)', role: 'admin', act: 'session.disconnect', reason: 'closing\ntime', ok: false, code: text }
  const { entries } = await cli.json<{ entries: { number: number }[] }>(['audit', 'list', '--limit', '2'])
  expect(entries).toMatchObject([
    { ...entry, target: expect.stringContaining(gone) },
    { ...entry, reason: 'first' },
  ])
  const [newest] = (await cli.ok(['audit', 'list'])).split('\n').slice(1)
  expect(newest).toMatch(/owner \(owner\) +session\.disconnect +.*closing time +SESSION_NOT_FOUND$/)
  const older = await cli.json<{ entries: { number: number }[] }>(['audit', 'list', '--before', String(entries[0]?.number)])
  expect(older.entries[0]).toEqual(entries[1])
  expect(await cli.run(['audit', 'list', '--limit', '0'])).toMatchObject({ code: 1, stderr: expect.stringContaining('(BAD_REQUEST)') })
})

test('B2 check and pack', async ({ newProject, cli, folder }) => {
  const project = newProject()
  expect(await cli.json(['check', project.directory])).toEqual({ ok: true, problems: [] })
  const packed = await cli.json<{ digest: string }>(['pack', project.directory, '-o', join(folder, 'one.tsz')])
  expect(packed).toEqual({ digest: expect.stringMatching(/^[0-9a-f]{64}$/), bytes: number, files: number })
  project.write('methods/broken.ts', "import { onServer } from '@tessera/kit'\n\nexport default onServer((n: number) => n.toUpperCase())\n")
  const checked = await cli.run(['check', project.directory, '--json'])
  expect(checked.code).toBe(1)
  expect(JSON.parse(checked.stdout)).toMatchObject({
    ok: false,
    problems: [{ file: 'methods/broken.ts', line: 3, column: number, severity: 'error', code: 'type-error', message: expect.stringMatching(/toUpperCase/) }],
  })
})
