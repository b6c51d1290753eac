import { expect, test } from '../src/fixtures.ts'
import { SessionsPage } from '../src/sessions-page.ts'
import { open, signIn } from '../src/sign-in.ts'

test('W17 the history of a storage shows who changed what, from what to what, and goes on by itself', async ({ house, page, connect }) => {
  const remote = await connect(house.url, { machineName: 'till-a' })
  await remote.call('remember', 'cart', { lines: 1, total: 12 })
  await remote.call('remember', 'note', 'call Ana')
  await signIn(page, house)
  const sessions = new SessionsPage(page)
  await sessions.openPanel('till-a', 'Storage')
  await sessions.panel.getByRole('radio', { name: 'History' }).click({ force: true })
  await expect(page).toHaveURL(/tab=storage&history=$/)
  const changes = sessions.panel.getByRole('region', { name: 'Changes, newest first' }).getByRole('listitem')
  await expect(changes).toHaveCount(2)
  await expect(changes.first()).toContainText('Designer')
  await expect(changes.first()).toContainText('note')
  await expect(changes.first()).toContainText('added')

  await house.cli.ok(['storage', 'set', remote.sessionId, 'cart', '{"lines":2,"total":12}'])
  await expect(changes).toHaveCount(3)
  await expect(changes.first()).not.toContainText('Designer')
  await expect(changes.first().locator('del')).toHaveText('1')
  await expect(changes.first().locator('ins')).toHaveText('2')

  await changes.first().getByRole('button', { name: 'cart' }).click()
  await expect(page).toHaveURL(/history=cart$/)
  await expect(changes).toHaveCount(2)
  await expect(sessions.panel).not.toContainText('call Ana')
  await page.reload()
  await expect(changes).toHaveCount(2)
  await sessions.panel.getByLabel('Slot').selectOption('note')
  await expect(changes).toHaveCount(1)
})

test('W17 a slot leads to its history, and a slot that went is told as removed', async ({ house, page, connect }) => {
  const remote = await connect(house.url, { machineName: 'till-a' })
  await remote.call('remember', 'cart', 'full')
  await remote.call('remember', 'note', 'call Ana')
  await signIn(page, house)
  const sessions = new SessionsPage(page)
  await sessions.openPanel('till-a', 'Storage')
  await sessions.panel.getByRole('button', { name: 'History of cart' }).click()
  const changes = sessions.panel.getByRole('region', { name: 'Changes, newest first' }).getByRole('listitem')
  await expect(changes).toHaveCount(1)
  await house.admin.storage.patch.mutate({ session: remote.sessionId, slot: 'cart', text: null })
  await expect(changes).toHaveCount(2)
  await expect(changes.first()).toContainText('removed')
  await sessions.panel.getByRole('radio', { name: 'Now' }).click({ force: true })
  await expect(sessions.panel.getByText('call Ana')).toBeVisible()
})

interface History {
  changes: { by: string; slots: { slot: string; before: string | null; after: string | null }[] }[]
}

test('W17 the storage that procedures share has a history, in the console and on the command line', async ({ house, page }) => {
  await house.cli.ok(['storage', 'set', 'procedures', 'rate', '1.21'])
  await house.cli.ok(['storage', 'set', 'procedures', 'rate', '1.1'])
  await signIn(page, house)
  await open(page, house, '/procedures/?history=rate')
  const change = page.getByRole('region', { name: 'Changes, newest first' }).getByRole('listitem').first()
  await expect(change.locator('del')).toHaveText('21')
  await expect(change.locator('ins')).toHaveText('1')

  const { changes } = await house.cli.json<History>(['storage', 'history', 'procedures', 'rate'])
  expect(changes[0]?.slots).toMatchObject([{ slot: 'rate', before: '1.21', after: '1.1' }])
  const printed = await house.cli.ok(['storage', 'history', 'procedures', 'rate'])
  expect(printed).toMatch(/^CLOCK +AT +BY +SLOT +BEFORE +AFTER\n.* rate +1\.21 +1\.1\n/)
})
