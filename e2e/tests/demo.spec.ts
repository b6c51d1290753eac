import { expect, test } from '../src/fixtures.ts'

interface Listed {
  sessions: { kind: string; userName: string; calls: number; state: string }[]
}

test('B7 the demo serves the shop to clients that each run its client half, and stops with all of them', async ({ cli, follow, folder }) => {
  const dataDirectory = `${folder}/data`
  const demo = follow(cli.start(['demo', '--clients', '2', '--port', '0', '--data-dir', dataDirectory]))
  await demo.hears(/2 simulated clients start; ready in/)
  const remotes = async () => (await cli.json<Listed>(['sessions', 'list', '--data-dir', dataDirectory])).sessions.filter(({ kind }) => kind === 'remote')
  await expect
    .poll(
      async () =>
        (await remotes())
          .filter(({ calls }) => calls > 0)
          .map(({ userName }) => userName)
          .sort(),
      { timeout: 60_000 },
    )
    .toEqual(['Ana', 'Bruno'])
  demo.signal('SIGINT')
  expect(await demo.ended).toEqual({ code: 0, signal: null })
  expect(demo.stderr).not.toMatch(/the client of \w+ ended/)
})
