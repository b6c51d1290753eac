import { expect, test } from '../src/fixtures.ts'
import { LifeClient } from '../src/life-client.ts'
import { lifeFiles } from '../src/life-project.ts'

const patience = { timeout: 30_000 }

test('G41 a quiet client that agrees is postponed, and its next call brings it back without a word', async ({ newProject, serve, follow }) => {
  const server = await serve({ project: newProject(lifeFiles), args: ['--postpone-after', '1'] })
  const start = (...args: string[]) => follow(server.cli.start(['connect', server.url, ...args]))
  const agreed = await LifeClient.ready(start('--may-postpone'), server)
  const other = await LifeClient.ready(start(), server)
  expect(await agreed.count(1)).toBe('count 1 cart three apples')
  await expect.poll(() => agreed.state(), patience).toBe('postponed')
  expect(await other.state()).toBe('active')
  expect(await agreed.count(2)).toBe('count 2 cart three apples')
  expect(agreed.program.stderr).toBe('')
  await expect.poll(() => agreed.state(), patience).toBe('postponed')
  agreed.program.signal('SIGINT')
  expect((await agreed.program.ended).code).toBe(0)
  expect(await agreed.state()).toBe('gone')
})

test('G41 a postponed session that nobody comes back to expires, and says so to whoever does', async ({ newProject, serve, follow }) => {
  const server = await serve({ project: newProject(lifeFiles), args: ['--postpone-after', '1', '--postponed-timeout', '1'] })
  const client = await LifeClient.ready(follow(server.cli.start(['connect', server.url, '--may-postpone'])), server)
  await expect.poll(() => client.state(), patience).toBe('gone')
  client.askToCount()
  await client.program.hears(/The postponed session expired\./, 'stderr')
  expect((await client.program.ended).code).toBe(3)
})
