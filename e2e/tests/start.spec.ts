import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '../src/fixtures.ts'

const brokenMethod = "import { onServer } from '@tessera/kit'\n\nexport default onServer((n: number) => n.toUpperCase())\n"

test('B4 a project that does not compile is not served, and its problems are listed', async ({ newProject, cli, folder }) => {
  const project = newProject({ 'methods/broken.ts': brokenMethod })
  const { code, stdout, stderr } = await cli.run(['serve', project.directory, '--port', '0', '--data-dir', join(folder, 'data')])
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(/^methods\/broken\.ts:3:\d+ error type-error .*toUpperCase/m)
  expect(stderr).toMatch(/^tessera: .+ \((PROJECT_INVALID|VERSION_REJECTED)\)$/m)
  expect(existsSync(join(folder, 'data', 'server.json'))).toBe(false)
})

test('B5 a reload with problems fails with them, keeps the current version and is shown as rejected', async ({ newProject, serve, connect }) => {
  const project = newProject()
  const server = await serve({ project })
  const before = await server.cli.json<{ current: string }>(['versions', 'list'])
  project.write('methods/broken.ts', brokenMethod)
  const failed = await server.cli.run(['versions', 'reload', '--json'])
  expect({ code: failed.code, stdout: failed.stdout }).toEqual({ code: 1, stdout: '' })
  expect(failed.stderr).toMatch(/^methods\/broken\.ts:3:\d+ error type-error/m)
  expect(failed.stderr).toMatch(/^tessera: .+ \((PROJECT_INVALID|VERSION_REJECTED)\)$/m)
  expect(await server.cli.json<{ current: string }>(['versions', 'list'])).toMatchObject({ current: before.current })
  expect((await server.admin.server.info.query()).rejectedBuild).toMatchObject({ problems: [{ file: 'methods/broken.ts', line: 3, severity: 'error' }] })
  const remote = await connect(server.url)
  expect(await remote.call('hello', 'you')).toBe('Hello, you!')
  project.remove('methods/broken.ts')
  project.replace('methods/hello.ts', 'Hello', 'Hi')
  expect(await server.cli.json(['versions', 'reload'])).toMatchObject({ changed: true })
  expect((await server.admin.server.info.query()).rejectedBuild).toBeNull()
})

test('B4 a second server on the same port, or on the same data directory, is told so and harms nothing', async ({
  house,
  newProject,
  cli,
  folder,
  connect,
}) => {
  const project = newProject()
  const serve = (port: number, dataDirectory: string) => cli.run(['serve', project.directory, '--port', String(port), '--data-dir', dataDirectory])
  expect(await serve(house.port, join(folder, 'data'))).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^tessera: [^\n]+ \(PORT_IN_USE\)$/m),
  })
  expect(await serve(0, house.dataDirectory)).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^tessera: [^\n]+ \(DATA_DIR_IN_USE\)$/m) })
  const remote = await connect(house.url)
  expect(await remote.call('hello', 'you')).toBe('Hello, you!')
  expect(await house.cli.json(['versions', 'list'])).toMatchObject({ versions: expect.any(Array) })
})

test('B4 a data directory that cannot be written is told so', async ({ newProject, cli, folder }) => {
  const file = join(folder, 'a-file')
  writeFileSync(file, '')
  const result = await cli.run(['serve', newProject().directory, '--port', '0', '--data-dir', join(file, 'data')])
  expect(result).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^tessera: [^\n]+ \(DATA_DIR_UNWRITABLE\)$/m) })
})

test('B4 options that make no sense are refused by name', async ({ newProject, cli }) => {
  const { directory } = newProject()
  expect(await cli.run(['serve', directory, '--port', 'nineteen'])).toMatchObject({ code: 1, stderr: expect.stringMatching(/--port .*\(BAD_REQUEST\)$/m) })
  expect(await cli.run(['serve', directory, '--port', '0', '--host', '0.0.0.0'])).toMatchObject({ code: 1, stderr: expect.stringMatching(/\(NOT_ALLOWED\)$/m) })
  expect(await cli.run(['serve', '/no/such/project', '--port', '0', '--data-dir', `${directory}-data`])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/\(PROJECT_NOT_FOUND\)$/m),
  })
})

const rolesOf = (...names: string[]): string =>
  JSON.stringify({
    privileges: names.map((privilege) => ({ privilege })),
    roles: [],
    permissions: { allowed: [{ applyTo: 'Orders', type: 'dataclass', read: ['Books'] }] },
  })

test('A33, A34, A35 roles.json is put into force alone, explained, and refused with its problems when it is broken', async ({ newProject, serve, connect }) => {
  const project = newProject({ 'roles.json': rolesOf('Sales', 'Books') })
  const server = await serve({ project })
  const remote = await connect(server.url)
  await server.cli.ok(['privileges', 'set', remote.sessionId, 'Sales', 'Books'])
  const before = await server.cli.json<{ current: string }>(['versions', 'list'])
  project.write('roles.json', rolesOf('Books'))
  project.write('methods/broken.ts', brokenMethod)
  expect(await server.cli.json(['privileges', 'reload'])).toEqual({ changed: true, warnings: [] })
  expect(await server.cli.json(['privileges', 'get', remote.sessionId])).toMatchObject({ privileges: ['Books'], set: ['Books', 'sales'] })
  expect(await server.cli.json(['versions', 'list'])).toMatchObject({ current: before.current })
  expect(await server.cli.json(['privileges', 'roles'])).toMatchObject({ privileges: [{ privilege: 'Books' }], from: { kind: 'file' }, problem: null })
  const explained = await server.cli.ok(['privileges', 'explain', remote.sessionId, 'read', 'Orders'])
  expect(explained).toContain('the session holds "Books".')
  expect(await server.cli.json(['privileges', 'explain', remote.sessionId, 'read', 'Orders.total', '--type', 'attribute'])).toMatchObject({
    web: { allowed: true },
  })

  project.write('roles.json', '{\n  "privileges": [],\n}')
  const refused = await server.cli.run(['privileges', 'reload', '--json'])
  expect({ code: refused.code, stdout: refused.stdout }).toEqual({ code: 1, stdout: '' })
  expect(refused.stderr).toMatch(/^roles\.json:2:19 error roles-invalid /m)
  expect(refused.stderr).toMatch(/^tessera: .+ \(ROLES_INVALID\)$/m)
  const shown = await server.cli.run(['privileges', 'roles'])
  expect(shown.stdout).toMatch(/^Orders +dataclass +read +Books$/m)
  expect(shown.stderr).toMatch(/^roles\.json:2:19 error roles-invalid /m)
  expect((await server.admin.server.info.query()).rolesProblem).toMatchObject({ problems: [{ file: 'roles.json', line: 2 }] })
  expect(await server.cli.json(['privileges', 'get', remote.sessionId])).toMatchObject({ privileges: ['Books'] })
})

test('A34 with --watch a change of roles.json is in force at once, beside code with errors, and makes no version', async ({ newProject, serve, connect }) => {
  const project = newProject({ 'roles.json': rolesOf('Sales', 'Books') })
  const server = await serve({ project, args: ['--watch'] })
  const remote = await connect(server.url)
  await server.cli.ok(['privileges', 'set', remote.sessionId, 'Sales', 'Books'])
  const before = await server.cli.json<{ current: string }>(['versions', 'list'])
  project.write('methods/broken.ts', brokenMethod)
  project.write('roles.json', rolesOf('Books'))
  await server.program.hears(/^other roles are in force$/m)
  expect(await server.cli.json(['privileges', 'get', remote.sessionId])).toMatchObject({ privileges: ['Books'] })
  project.write('roles.json', '{')
  await server.program.hears(/^roles\.json:1:2 error roles-invalid /m, 'stderr')
  await server.program.hears(/the roles before stay in force$/m, 'stderr')
  expect(await server.cli.json(['privileges', 'get', remote.sessionId])).toMatchObject({ privileges: ['Books'] })
  expect(await server.cli.json(['versions', 'list'])).toMatchObject({ current: before.current })
})

test('B5 with --watch an edit is published by itself, and one with problems is not', async ({ newProject, serve, connect }) => {
  const project = newProject()
  const server = await serve({ project, args: ['--watch'] })
  project.replace('methods/hello.ts', 'Hello', 'Good morning')
  await server.program.hears(/^version \S+ is current$/m)
  const remote = await connect(server.url)
  expect(await remote.call('hello', 'you')).toBe('Good morning, you!')
  project.write('methods/broken.ts', brokenMethod)
  await server.program.hears(/methods\/broken\.ts:3:\d+ error/, 'stderr')
  await server.program.hears(/the version before stays current$/m, 'stderr')
  expect(await remote.call('hello', 'you')).toBe('Good morning, you!')
})

test('M14 serve --discard-sessions puts a journal aside, whatever is in it, and starts', async ({ newProject, serve, connect, folder }) => {
  const dataDirectory = join(folder, 'data')
  mkdirSync(dataDirectory)
  writeFileSync(join(dataDirectory, 'journal.db'), 'no journal at all')
  const server = await serve({ project: newProject(), dataDirectory, args: ['--discard-sessions'] })
  const aside = readdirSync(dataDirectory).filter((name) => name.startsWith('journal.db.discarded-'))
  expect(aside.map((name) => readFileSync(join(dataDirectory, name), 'utf8'))).toEqual(['no journal at all'])
  expect(await (await connect(server.url)).call('hello', 'you')).toBe('Hello, you!')
})
