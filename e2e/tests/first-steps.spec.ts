import { expect, test } from '../src/fixtures.ts'
import { once } from '../src/once.ts'

interface Listed {
  sessions: { id: string; kind: string; version: { id: string; outdated: boolean }; privileges: string[] }[]
}
interface Versions {
  current: string
  versions: { id: string; state: string; sessions: number }[]
}

const roles = JSON.stringify({
  privileges: [{ privilege: 'viewProducts', includes: [] }],
  roles: [],
  permissions: { allowed: [] },
  restrictedByDefault: false,
  forceLogin: false,
})
const remember = `import { onServer, session } from '@tessera/kit'

export default onServer(async (value: string) => {
  await session()?.setPrivileges('viewProducts')
  await session()?.storage.use((draft) => {
    draft['kept'] = value
  })
})
`

test('B1 a new project serves and answers; an edit is a second version beside the first; a forced reload keeps the session', async ({
  newProject,
  serve,
  connect,
}) => {
  const project = newProject({ 'methods/remember.ts': remember, 'roles.json': roles })
  const server = await serve({ project })
  const { cli, url } = server
  expect(await cli.ok(['call', url.replace('http://', ''), 'hello', '"you"'])).toBe('"Hello, you!"\n')

  const old = await connect(url)
  await old.call('remember', 'what I had')
  const first = old.version.id
  project.replace('methods/hello.ts', 'Hello, ', 'Good morning, ')
  const reloaded = await cli.json<{ changed: boolean; version: { id: string } }>(['versions', 'reload'])
  expect(reloaded.changed).toBe(true)
  const second = reloaded.version.id
  expect(second).not.toBe(first)

  const young = await connect(url)
  expect(await old.call('hello', 'you')).toBe('Hello, you!')
  expect(await young.call('hello', 'you')).toBe('Good morning, you!')
  const { sessions } = await cli.json<Listed>(['sessions', 'list'])
  const shown = new Map(sessions.map(({ id, version }) => [id, version]))
  expect(shown.get(old.sessionId)).toMatchObject({ id: first, outdated: true })
  expect(shown.get(young.sessionId)).toMatchObject({ id: second, outdated: false })

  const moved = once<{ version: { id: string } }>((listener) => old.on('moved', listener))
  const sessionId = old.sessionId
  await cli.ok(['sessions', 'reload', sessionId, '--grace', '0', '--reason', 'a new version'])
  expect((await moved).version.id).toBe(second)
  expect(old.sessionId).toBe(sessionId)
  expect(old.version.id).toBe(second)
  expect(await old.call('hello', 'you')).toBe('Good morning, you!')
  expect(await cli.json(['storage', 'get', sessionId])).toMatchObject({ slots: { kept: 'what I had' } })
  expect(await cli.json(['privileges', 'get', sessionId])).toMatchObject({ privileges: ['viewProducts'] })

  await expect.poll(async () => (await cli.json<Versions>(['versions', 'list'])).versions.find(({ id }) => id === first)?.state).toBe('retired')
  const { current } = await cli.json<Versions>(['versions', 'list'])
  expect(current).toBe(second)
})
