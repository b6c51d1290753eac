import { expect, test } from '../src/fixtures.ts'
import { expectLive, signIn } from '../src/sign-in.ts'

const password = 'correct horse battery staple'

test('W1 a one-time link signs in, leaves the address bar, and is of no use to the next one', async ({ house, page, browser }) => {
  const link = await house.newLink()
  await page.goto(link)
  await expect(page.getByRole('heading', { level: 1, name: /^Sessions/ })).toBeVisible()
  await expectLive(page)
  expect(page.url()).toBe(`${house.url}/console/sessions/`)
  await page.reload()
  await expectLive(page)

  const stranger = await browser.newPage()
  await stranger.goto(link)
  await expect(stranger.getByText('This one-time link is no longer valid')).toBeVisible()
  await expect(stranger.getByRole('button', { name: 'Sign in' })).toBeVisible()
  await stranger.close()
})

test('W2 whoever is not signed in sees nothing but the sign-in, and goes on from there to where he wanted', async ({ newProject, serve, page }) => {
  const server = await serve({ project: newProject() })
  await server.cli.ok(['directory', 'set-password', 'Designer'], { input: `${password}\n` })
  await page.goto(`${server.url}/console/versions/`)
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Versions' })).toHaveCount(0)
  const user = page.getByLabel('User')
  const secret = page.getByLabel('Password')
  const submit = page.getByRole('button', { name: 'Sign in' })

  await submit.click()
  await expect(page.getByText('Enter user and password.')).toBeVisible()
  await user.fill('Designer')
  await secret.fill('wrong')
  await submit.click()
  await expect(page.getByText('User or password is not right.')).toBeVisible()
  await secret.fill(password)
  await submit.click()
  await expect(page.getByRole('heading', { name: 'Versions' })).toBeVisible()
  await expectLive(page)

  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByText('You are signed out.')).toBeVisible()
  await page.goto(`${server.url}/console/versions/`)
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()

  // Success forgave the wrong one: five more are needed before somebody has to wait.
  await user.fill('Designer')
  for (let attempt = 0; attempt < 5; attempt++) {
    await secret.fill(`wrong ${attempt}`)
    await submit.click()
    await expect(page.getByText('User or password is not right.')).toBeVisible()
    await expect(submit).toBeEnabled()
  }
  await secret.fill(password)
  await submit.click()
  await expect(page.getByText(/^Too many attempts\. Try again in /)).toBeVisible()
  await expect(submit).toBeDisabled()
})

test('W2 a viewer looks and cannot act; who is put out of the group loses the console at once', async ({ newProject, serve, connect, page }) => {
  const server = await serve({ project: newProject() })
  const { cli } = server
  await cli.ok(['directory', 'add-user', 'vera', '--password-stdin'], { input: `${password}\n` })
  await cli.ok(['directory', 'put-group', 'Viewers', '--user', 'vera'])
  await connect(server.url, { machineName: 'till-1' })
  await page.goto(`${server.url}/console/`)
  await page.getByLabel('User').fill('vera')
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expectLive(page)
  await page.getByRole('grid').getByText('till-1').click()
  const panel = page.locator('aside')
  await expect(panel.getByText('Your role can look but not act')).toBeVisible()
  await expect(panel.getByRole('button', { name: 'Disconnect' })).toBeDisabled()
  await cli.ok(['directory', 'put-group', 'Viewers'])
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
})

test('W1 signing out in one window ends the others of that sign-in', async ({ house, page, context }) => {
  await signIn(page, house)
  const other = await context.newPage()
  await other.goto(`${house.url}/console/procedures/`)
  await expectLive(other)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByText('You are signed out.')).toBeVisible()
  await expect(other.getByRole('heading', { name: 'Sign in' })).toBeVisible()
})
