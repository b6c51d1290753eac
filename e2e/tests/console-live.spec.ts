import type { Page, Request } from '@playwright/test'
import { expect, test } from '../src/fixtures.ts'
import { SessionsPage } from '../src/sessions-page.ts'
import { expectLive, open, signIn } from '../src/sign-in.ts'

declare global {
  interface Window {
    /** When a text was first painted into the page, in milliseconds of the clock that all processes of this machine share. */
    seenAt: Map<string, number>
  }
}

const watchFor = (page: Page, pattern: string): Promise<void> =>
  page.evaluate((source) => {
    const found = new RegExp(source, 'g')
    window.seenAt = new Map()
    const look = (): void => {
      for (const [text] of document.body.textContent.matchAll(found)) if (!window.seenAt.has(text)) window.seenAt.set(text, Date.now())
    }
    new MutationObserver(() => requestAnimationFrame(look)).observe(document.body, { subtree: true, childList: true, characterData: true })
  }, pattern)

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

test('W4 a change of storage is on the screen within half a second', async ({ house, page, connect }) => {
  const remote = await connect(house.url, { machineName: 'till-a' })
  await remote.call('remember', 'order', 'none yet')
  await signIn(page, house)
  const sessions = new SessionsPage(page)
  await sessions.openPanel('till-a', 'Storage')
  await expect(sessions.panel).toContainText('none yet')
  await watchFor(page, 'order number \\d+')
  const delays: number[] = []
  for (let number = 1; number <= 5; number++) {
    const text = `order number ${number}`
    await remote.call('remember', 'order', text)
    const acknowledgedAt = Date.now()
    const seen = await page.waitForFunction((expected) => window.seenAt.get(expected), text, { polling: 50 })
    delays.push(((await seen.jsonValue()) ?? Number.NaN) - acknowledgedAt)
  }
  test.info().annotations.push({ type: 'milliseconds', description: delays.join(', ') })
  expect(median(delays)).toBeLessThanOrEqual(500)
})

test('W7 with nothing changing the page asks for nothing', async ({ house, page, connect }) => {
  const remote = await connect(house.url, { machineName: 'till-a' })
  await remote.call('remember', 'order', 'number 1')
  await signIn(page, house)
  const sessions = new SessionsPage(page)
  await sessions.openPanel('till-a', 'Storage')
  await expect(sessions.panel).toContainText('number 1')
  await page.waitForLoadState('networkidle')
  const requests: string[] = []
  const frames: string[] = []
  page.on('request', (request: Request) => requests.push(request.url()))
  page.on('websocket', (socket) => requests.push(socket.url()))
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  session.on('Network.webSocketFrameSent', ({ response }) => frames.push(response.payloadData))
  const from = Date.now()
  await expect.poll(() => Date.now() - from, { timeout: 20_000, intervals: [1000] }).toBeGreaterThanOrEqual(10_000)
  expect(requests).toEqual([])
  // The socket's own answer to the server's sign of life is all that may be said.
  expect(frames.filter((text) => text !== '3')).toEqual([])
})

test('W8 without its connection the page says that it is reconnecting, and catches up by itself', async ({ house, page, context, connect }) => {
  await connect(house.url, { machineName: 'till-a' })
  await signIn(page, house)
  const sessions = new SessionsPage(page)
  await sessions.count('2 of 2')
  await context.setOffline(true)
  await expect(page.getByTestId('connection')).toHaveText(/Reconnecting/)
  await expect(page.getByRole('status').getByText('Reconnecting to the server.')).toBeVisible()
  await expect(sessions.row('till-a')).toBeVisible()
  await connect(house.url, { machineName: 'till-b' })
  await context.setOffline(false)
  await expectLive(page)
  await expect(sessions.row('till-b')).toBeVisible()
  await sessions.count('3 of 3')
  await expect(page.getByText('Reconnecting to the server.')).toHaveCount(0)
})

test('W8 a server that was restarted is found again, and the sign-in outlives it', async ({ newProject, launch, serve, folder, page, connect }) => {
  const project = newProject()
  const dataDirectory = `${folder}/data`
  const server = await serve({ project, dataDirectory })
  await signIn(page, server)
  await server.stop()
  await expect(page.getByTestId('connection')).toHaveText(/Reconnecting|Offline/)
  const again = await launch({ project, dataDirectory, port: server.port }).ready()
  await expectLive(page)
  await connect(again.url, { machineName: 'till-b' })
  await expect(new SessionsPage(page).row('till-b')).toBeVisible()
})

test('W9 a stored procedure is started, followed and read', async ({ house, page }) => {
  await house.admin.storage.patch.mutate({ session: 'procedures', slot: 'go', text: null })
  await signIn(page, house)
  await page.getByRole('link', { name: 'Stored procedures' }).click()
  await page.getByRole('button', { name: 'Start a procedure' }).click()
  const dialog = page.getByRole('dialog', { name: 'Start a procedure' })
  await dialog.getByRole('button', { name: /Method/ }).click()
  await page.getByRole('option', { name: 'report' }).click()
  await dialog.getByLabel('Arguments, as a JSON array').fill('["go"]')
  await dialog.getByLabel('Process name').fill('nightly')
  await dialog.getByRole('button', { name: 'Start', exact: true }).click()
  await expect(page.getByText(/^Started as process \d+\.$/)).toBeVisible()
  const item = page.getByRole('region', { name: 'Running' }).getByRole('listitem').filter({ hasText: 'nightly' })
  await expect(item.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '50')
  await expect(item).toContainText('half way')
  await house.cli.ok(['storage', 'set', 'procedures', 'go', '12'])
  await expect(item).toContainText('Ended')
  await expect(item).toContainText('12')
  const storage = page.getByRole('region', { name: 'Storage' })
  await expect(storage).toContainText('report')
  await expect(storage.getByText('go: 12')).toBeVisible()
  await house.cli.ok(['storage', 'set', 'procedures', 'go', '13'])
  await expect(storage.getByText('go: 13')).toBeVisible()
})

test('W6 and W10 an old session wears the mark of its version until it is reloaded; a build with problems is shown', async ({
  newProject,
  serve,
  connect,
  page,
}) => {
  const project = newProject()
  const server = await serve({ project })
  const old = await connect(server.url, { machineName: 'till-old' })
  const first = old.version.id
  await signIn(page, server)
  await page.getByRole('link', { name: 'Versions' }).click()
  await expect(page.getByRole('heading', { level: 2, name: first })).toBeVisible()
  const reload = page.getByRole('button', { name: 'Reload project' })

  await reload.click()
  await expect(page.getByText(`Nothing changed: ${first} stays current.`)).toBeVisible()
  project.write('methods/broken.ts', "import { onServer } from '@tessera/kit'\n\nexport default onServer((n: number) => n.toUpperCase())\n")
  await reload.click()
  await expect(page.getByRole('main').getByRole('alert')).toContainText('The current version stays.')
  await expect(page.getByRole('main').getByRole('alert')).toContainText('methods/broken.ts:3')
  project.remove('methods/broken.ts')
  project.replace('methods/hello.ts', 'Hello', 'Good morning')
  await reload.click()
  await expect(page.getByText(/^Version \S+ is published\.$/)).toBeVisible()

  const young = await connect(server.url, { machineName: 'till-new' })
  const items = page.getByRole('list', { name: 'Timeline' }).getByRole('listitem')
  await expect(items).toHaveCount(2)
  await expect(items.filter({ hasText: young.version.id })).toContainText('Current')
  await expect(items.filter({ hasText: young.version.id }).getByRole('link')).toHaveText(/session/)
  await expect(items.filter({ hasText: first })).toContainText('Draining')
  await items.filter({ hasText: first }).getByRole('link').click()
  const sessions = new SessionsPage(page)
  await expect(sessions.row('till-old')).toContainText('outdated')
  await expect(sessions.row('till-new')).toHaveCount(0)

  await open(page, server, '/sessions/')
  await sessions.openPanel('till-old')
  await sessions.panel.getByRole('button', { name: 'Reload' }).click()
  const dialog = page.getByRole('dialog', { name: 'Force a reload' })
  await dialog.getByLabel('Grace, in seconds').fill('0')
  await dialog.getByRole('button', { name: 'Reload 1' }).click()
  await expect(dialog).toContainText('1 succeeded')
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  await expect(sessions.row('till-old')).toContainText(young.version.id)
  await expect(sessions.row('till-old')).not.toContainText('outdated')
  expect(old.version.id).toBe(young.version.id)
  await page.getByRole('link', { name: 'Versions' }).click()
  await expect(items.filter({ hasText: first })).toContainText('Retired')
})
