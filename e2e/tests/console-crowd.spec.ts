import { startCrowd } from '../src/crowd.ts'
import { expect, test } from '../src/fixtures.ts'
import { keystrokeToPaint } from '../src/paint.mjs'
import { SessionsPage } from '../src/sessions-page.ts'
import { signIn } from '../src/sign-in.ts'

const crowd = 300

test('W15 with 300 clients connected the page stays usable', async ({ newProject, serve, follow, page }) => {
  test.slow()
  const server = await serve({ project: newProject() })
  await signIn(page, server)
  const sessions = new SessionsPage(page)
  const clients = follow(startCrowd(server.url, crowd, 'till'))
  await clients.hears(/^connected 300 /m)
  await sessions.count(`${crowd + 1} of ${crowd + 1}`)
  expect(await sessions.rows.count()).toBeLessThan(80)

  await sessions.search.fill('till-00')
  await sessions.count(`100 of ${crowd + 1}`)
  const delays: number[] = []
  for (const digit of ['1', '2', '3']) {
    delays.push(await keystrokeToPaint(page, digit, `Sessions 10 of ${crowd + 1}`))
    await expect(sessions.rows.first()).toContainText(`till-00${digit}`)
    await page.keyboard.press('Backspace')
    await sessions.count(`100 of ${crowd + 1}`)
  }
  test.info().annotations.push({ type: 'milliseconds', description: delays.map(Math.round).join(', ') })
  expect(delays.toSorted((a, b) => a - b)[1]).toBeLessThan(500)

  await sessions.search.fill('')
  await sessions.count(`${crowd + 1} of ${crowd + 1}`)
  await sessions.grid.focus()
  await page.keyboard.press('End')
  await expect(sessions.grid.locator(`[aria-rowindex="${crowd + 2}"]`)).toBeVisible()
  clients.signal('SIGTERM')
  expect(await clients.ended).toEqual({ code: 0, signal: null })
  await sessions.count('1 of 1')
})
