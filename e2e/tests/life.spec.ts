import { expect, test } from '../src/fixtures.ts'
import { LifeClient } from '../src/life-client.ts'
import { lifeFiles } from '../src/life-project.ts'
import { once } from '../src/once.ts'
import { SessionsPage } from '../src/sessions-page.ts'
import { signIn } from '../src/sign-in.ts'
import type { TesseraServer } from '../src/tessera-server.ts'

/** Short enough to wait for, long enough for a busy machine. */
const heartbeat = ['--heartbeat', '2']
const patience = { timeout: 30_000 }

test('G39 a client process that is suspended shows as unreachable, in the list and on the page; continued, it goes on where it was and its next call works', async ({
  newProject,
  serve,
  follow,
  page,
}) => {
  const server = await serve({ project: newProject(lifeFiles), args: heartbeat })
  const client = await LifeClient.ready(follow(server.cli.start(['connect', server.url])), server)
  expect(await client.count(1)).toBe('count 1 cart three apples')
  await signIn(page, server)
  const row = new SessionsPage(page).row('Remote')
  await expect(row).toContainText('Active')

  client.signal('SIGSTOP')
  await expect.poll(() => client.state(), patience).toBe('unreachable')
  expect((await client.shown())?.unreachableSince).toMatch(/^\d{4}-.*Z$/)
  await expect(row).toContainText('Unreachable')

  client.signal('SIGCONT')
  expect(await client.count(2)).toBe('count 2 cart three apples')
  expect(await client.state()).toBe('active')
  await expect(row).toContainText('Active')
  await expect(row).not.toContainText('Unreachable')
  expect((await client.shown())?.unreachableSince).toBeNull()
  expect(await client.count(3)).toBe('count 3 cart three apples')
  expect(client.program.stdout).toContain('resumed, restarted false')
})

test('G40 Ctrl+Z shows as sleeping, not as unreachable; fg brings the session back', async ({ newProject, serve, follow }) => {
  const server = await serve({ project: newProject(lifeFiles), args: heartbeat })
  const client = await LifeClient.ready(follow(server.cli.start(['connect', server.url])), server)
  expect(await client.count(1)).toBe('count 1 cart three apples')
  client.program.signal('SIGTSTP')
  await expect.poll(() => client.stopped, patience).toBe(true)
  expect(await client.state()).toBe('sleeping')
  client.program.signal('SIGCONT')
  await client.program.hears(/resumed, restarted false/)
  expect(await client.state()).toBe('active')
  expect(await client.count(2)).toBe('count 2 cart three apples')
})

const say = (server: TesseraServer, client: LifeClient, text: string): Promise<string> => server.cli.ok(['sessions', 'message', client.sessionId, text])

test('G34 what is said to a client that is away is told once when it is back, in order', async ({ newProject, serve, follow }) => {
  const server = await serve({ project: newProject(lifeFiles), args: heartbeat })
  const client = await LifeClient.ready(follow(server.cli.start(['connect', server.url])), server)
  await say(server, client, 'one')
  await client.program.hears(/told one/)
  client.program.signal('SIGTSTP')
  await expect.poll(() => client.state(), patience).toBe('sleeping')
  await say(server, client, 'two')
  await say(server, client, 'three')
  expect((await client.shown())?.waitingMessages).toBe(2)
  client.program.signal('SIGCONT')
  await client.program.hears(/told three/)

  client.signal('SIGSTOP')
  await expect.poll(() => client.state(), patience).toBe('unreachable')
  await say(server, client, 'four')
  client.signal('SIGCONT')
  await client.program.hears(/told four/)
  await expect.poll(async () => (await client.shown())?.waitingMessages, patience).toBe(0)
  expect(client.program.stdout.match(/told \w+/g)).toEqual(['told one', 'told two', 'told three', 'told four'])
  expect(client.program.stderr.match(/administrator: \w+/g)).toHaveLength(4)
})

test('G36 a client whose session goes on elsewhere is told so, and stays away', async ({ newProject, serve, connect }) => {
  const server = await serve({ project: newProject(lifeFiles), args: heartbeat })
  const first = await connect(server.url)
  const closed = once<{ code: string; reason: string }>((listener) => first.on('closed', listener))
  const second = await connect(server.url, { resume: first.resumeToken })
  expect(await closed).toMatchObject({ code: 'CONNECTION_REPLACED', reason: expect.stringMatching(/newer connection/) })
  expect(second.sessionId).toBe(first.sessionId)
  expect(await second.call('count')).toMatchObject({ count: 1 })
  await expect(first.call('count')).rejects.toMatchObject({ code: 'SESSION_ENDED' })
})
