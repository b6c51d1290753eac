import { expect, test } from '../src/fixtures.ts'
import { failureOf } from '../src/refusal.ts'

const clientHalf = (says: string): Readonly<Record<string, string>> => ({
  'database/onStartup.ts': `import { remote } from '@tessera/kit'
import hello from '../methods/hello.ts'

export default async (): Promise<void> => {
  const { pid, ppid } = process
  console.log(\`${says}: \${remote.userParam}, \${await hello('you')} pid \${pid} of \${ppid}\`)
  if (remote.userParam === 'quit') await remote.quit()
  if (remote.userParam === 'fail') throw new Error('The till is locked')
}
`,
  'database/onExit.ts': `export default (): void => {
  console.log('good night')
}
`,
})

interface Listed {
  sessions: { id: string; kind: string; version: { id: string } }[]
}

test('B6 connect runs the client half in a process of its own, hands it --user-param, and says with its exit code how it ended', async ({
  newProject,
  serve,
  follow,
}) => {
  const project = newProject(clientHalf('first half'))
  const server = await serve({ project })
  const { cli, url } = server
  const connect = (param: string) => follow(cli.start(['connect', url, '--user-param', param]))

  const quits = connect('quit')
  expect(await quits.ended).toEqual({ code: 0, signal: null })
  expect(quits.stdout).toContain('first half: quit, Hello, you!')
  expect(quits.stdout).toContain('good night')

  const fails = connect('fail')
  expect((await fails.ended).code).toBe(1)
  expect(fails.stderr).toContain('The till is locked')
  expect(fails.stderr).toContain('database/onStartup.ts')

  const dropped = connect('stay')
  const [, half = ''] = await dropped.hears(/first half: stay, Hello, you! pid (\d+) of/)
  expect(Number(half)).not.toBe(dropped.pid)
  const { sessions } = await cli.json<Listed>(['sessions', 'list', '--match', 'state:active'])
  const [session] = sessions.filter(({ kind }) => kind === 'remote')
  await cli.ok(['sessions', 'message', session?.id ?? '', 'Back in five minutes'])
  await dropped.hears(/Back in five minutes/, 'stderr')

  project.write('database/onStartup.ts', clientHalf('second half')['database/onStartup.ts'] ?? '')
  project.replace('methods/hello.ts', 'Hello, ', 'Good morning, ')
  const { version } = await cli.json<{ version: { id: string } }>(['versions', 'reload'])
  await cli.ok(['sessions', 'reload', session?.id ?? '', '--grace', '0'])
  await dropped.hears(/second half: stay, Good morning, you! pid/)
  expect(dropped.stdout).not.toContain('good night')
  const after = await cli.json<Listed>(['sessions', 'list'])
  expect(after.sessions.find(({ id }) => id === session?.id)?.version.id).toBe(version.id)

  await cli.ok(['sessions', 'disconnect', session?.id ?? '', '--reason', 'Closing time'])
  expect((await dropped.ended).code).toBe(3)
  expect(dropped.stderr).toContain('Closing time')

  const interrupted = connect('stay')
  await interrupted.hears(/second half/)
  interrupted.signal('SIGINT')
  expect((await interrupted.ended).code).toBe(0)
  expect(interrupted.stdout).toContain('good night')
})

test('G20 once Designer has a password, a name and its password are needed', async ({ newProject, serve, connect }) => {
  const server = await serve({ project: newProject() })
  const { cli, url } = server
  expect((await connect(url)).userName).toBe('Designer')
  const password = 'correct horse battery staple'
  await cli.ok(['directory', 'set-password', 'Designer'], { input: `${password}\n` })
  await cli.ok(['directory', 'add-user', 'ana', '--password-stdin'], { input: 'a long enough word\n' })

  const wrong: [string | undefined, string | undefined][] = [
    [undefined, undefined],
    ['Designer', 'wrong'],
    ['ana', 'wrong'],
  ]
  for (const [user, given] of wrong) {
    expect(await failureOf(connect(url, { user, password: given }))).toMatchObject({ code: 'BAD_CREDENTIALS' })
  }
  expect(await cli.run(['call', url, 'hello', '"you"', '--user', 'ana', '--password-stdin'], { input: 'wrong\n' })).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^tessera: [^\n]+ \(BAD_CREDENTIALS\)\n$/),
  })
  expect((await connect(url, { user: 'Ana', password: 'a long enough word' })).userName).toBe('ana')
  expect(await cli.ok(['call', url, 'hello', '"you"', '--user', 'Designer', '--password-stdin'], { input: `${password}\n` })).toBe('"Hello, you!"\n')
})
