import { expect, test } from '../src/fixtures.ts'
import { SessionsPage } from '../src/sessions-page.ts'
import { open, signIn } from '../src/sign-in.ts'
import { Wire } from '../src/wire.ts'

test('W16 and W23 a session whose client is away counts down, and a message to it says that it waits', async ({ house, page, connect }) => {
  await page.setViewportSize({ width: 1600, height: 900 })
  const wire = await Wire.to(house.port)
  const remote = await connect(wire.url, { machineName: 'till-far' })
  await signIn(page, house)
  const sessions = new SessionsPage(page)
  await expect(sessions.row('till-far')).toContainText('Active')
  wire.cut()
  await expect(sessions.row('till-far')).toContainText(/Unreachable.*closes in 14m \d+s/)
  await expect(sessions.chip('Unreachable')).toHaveText('Unreachable1')
  expect(await house.cli.ok(['sessions', 'list'])).toMatch(/unreachable \(1\dm \d+s left\)/)

  await sessions.openPanel('till-far')
  await expect(sessions.panel).toContainText(/Does not answer since/)
  await expect(sessions.panel).toContainText(/It is closed in 14m \d+s, at .*, unless its client comes back\./)
  await sessions.panel.getByRole('button', { name: 'Message' }).click()
  const dialog = page.getByRole('dialog', { name: 'Send a message' })
  await expect(dialog).toContainText('1 of them is away now: 1 unreachable.')
  await expect(dialog).toContainText('It gets the message when it comes back: Designer')
  await dialog.getByLabel('Message', { exact: true }).fill('Lunch is ready')
  await dialog.getByRole('button', { name: 'Send to 1' }).click()
  await expect(dialog).toContainText('1 succeeded')
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  await expect(sessions.row('till-far')).toContainText('1 message waits for its client')
  await expect(sessions.panel.getByTitle('1 message waits for its client')).toBeVisible()

  wire.mend()
  await expect(sessions.row('till-far')).toContainText('Active')
  await expect(sessions.row('till-far')).not.toContainText('closes in')
  await expect(sessions.chip('Unreachable')).toHaveText('Unreachable0')
  await remote.close()
  await wire.close()
})

test('W24 the summary counts one-time tokens and lists who shares the session', async ({ house, page, connect }) => {
  const remote = await connect(house.url, { machineName: 'till-a' })
  await signIn(page, house)
  await open(page, house, `/sessions/?session=${remote.sessionId}`)
  const sessions = new SessionsPage(page)
  await expect(sessions.panel.getByRole('heading', { name: 'One-time tokens' })).toBeVisible()
  await expect(sessions.panel).toContainText('None was made in this session.')
  await expect(sessions.panel.getByRole('heading', { name: 'Browsers that share it' })).toBeVisible()
  await expect(sessions.panel).toContainText('No browser shares this session.')
})
