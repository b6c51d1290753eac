import { expect, test } from '../src/fixtures.ts'
import { open, signIn } from '../src/sign-in.ts'

test('W33 a call is on the Calls page as it ends, and tells everything of itself', async ({ house, page, connect }) => {
  const remote = await connect(house.url, { machineName: 'till-a' })
  await signIn(page, house)
  await open(page, house, `/calls/?session=${remote.sessionId}`)
  await expect(page.getByRole('heading', { name: 'No call has ended yet' })).toBeVisible()
  await remote.call('add', 2, 3)
  const rows = page.getByRole('grid', { name: 'Calls' }).locator('[data-index]')
  await expect(rows).toHaveCount(1)
  await expect(rows).toContainText('Done')
  await expect(rows.getByRole('img', { name: /Code [\d.]+ ms/ })).toBeVisible()
  await remote.call('refuse', 'no stock left').catch(() => undefined)
  await rows.filter({ hasText: 'refuse' }).click()
  const panel = page.locator('aside')
  await expect(panel).toContainText('no stock left')
  await expect(panel).toContainText('Arguments are not logged.')

  await open(page, house, `/sessions/?session=${remote.sessionId}&tab=calls`)
  await expect(page.getByRole('tabpanel').getByRole('listitem').filter({ hasText: 'add' })).toContainText('Done')
  await page.getByRole('link', { name: 'All its calls' }).click()
  await expect(rows).toHaveCount(2)
})

test('W35 the list of calls is held, and says how many ended meanwhile', async ({ house, page, connect }) => {
  const remote = await connect(house.url, { machineName: 'till-a' })
  await signIn(page, house)
  await remote.call('add', 1, 1)
  await open(page, house, `/calls/?session=${remote.sessionId}`)
  const rows = page.getByRole('grid', { name: 'Calls' }).locator('[data-index]')
  await expect(rows).toHaveCount(1)
  await page.keyboard.press('p')
  for (let number = 1; number <= 3; number++) await remote.call('add', number, number)
  await expect(page.getByText('3 new')).toBeVisible()
  await expect(rows).toHaveCount(1)
  await page.getByRole('button', { name: 'Go on' }).click()
  await expect(rows).toHaveCount(4)
})

test('W36 a running procedure is cancelled with a reason, and a schedule is run at once', async ({ page, newProject, serve }) => {
  const server = await serve({
    project: newProject({
      'tessera.json': JSON.stringify({ name: 'Clock', schedules: [{ name: 'at new year', cron: '0 0 1 1 *', method: 'tidy' }] }),
      'methods/tidy.ts': `import { currentProcess, onServer } from '@tessera/kit'
export default onServer(async () => {
  const { signal } = currentProcess()
  return new Promise<string>((resolve) => signal.onAbort(() => resolve(signal.reason ?? '')))
})
`,
    }),
  })
  await signIn(page, server)
  await open(page, server, '/procedures/')
  const schedules = page.getByRole('region', { name: 'Schedules' })
  await expect(schedules).toContainText('It has not run')
  await schedules.getByRole('button', { name: 'Run now' }).click()
  await expect(schedules).toContainText('still runs')
  await page.getByRole('button', { name: 'Cancel: at new year' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Reason').fill('closing time')
  await dialog.getByRole('button', { name: 'Cancel', exact: true }).click()
  await expect(schedules).toContainText('ended well')
  await expect(page.getByRole('region', { name: 'Running' })).toContainText('closing time')
})
