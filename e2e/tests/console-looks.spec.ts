import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from '@playwright/test'
import type { AxeResults } from 'axe-core'
import { expect, test } from '../src/fixtures.ts'
import { SessionsPage } from '../src/sessions-page.ts'
import { open, signIn } from '../src/sign-in.ts'
import type { TesseraServer } from '../src/tessera-server.ts'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

declare global {
  interface Window {
    axe?: { run(): Promise<AxeResults> }
  }
}

/** What axe finds, one line each. The source goes in past the content security policy, which is right to refuse it. */
const findings = async (page: Page): Promise<string[]> => {
  await page.evaluate(axeSource)
  const { violations, passes } = await page.evaluate(async () => (await window.axe?.run()) ?? { violations: [], passes: [] })
  expect(passes.length, 'rules that axe looked at').toBeGreaterThan(10)
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`))
}

/** Panes of the page, itself included, that can be scrolled sideways. Strips, such as the quick filters, may be. */
const wideScrollers = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const isWide = (element: Element): boolean => element.scrollWidth > element.clientWidth + 1
    const scrolls = (element: Element): boolean => /auto|scroll/.test(getComputedStyle(element).overflowX)
    const panes = [...document.querySelectorAll('body *')].filter((element) => element.clientHeight > 200 && scrolls(element) && isWide(element))
    const root = document.documentElement
    return [...(isWide(root) ? [root] : []), ...panes].map(
      (element) => `${element.tagName}.${element.className} ${element.scrollWidth} in ${element.clientWidth}`,
    )
  })

/** A colour half way through its fade has a contrast of its own. */
const settled = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    await Promise.all(
      document
        .getAnimations()
        .filter(({ effect }) => effect?.getTiming().iterations !== Number.POSITIVE_INFINITY)
        .map(({ finished }) => finished.catch(() => undefined)),
    )
  })

const chooseTheme = async (page: Page, theme: 'light' | 'dark'): Promise<void> => {
  await page.evaluate((value) => localStorage.setItem('tessera.theme', value), theme)
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('data-theme', theme)
}

/** Every state of every page that looks like nothing else. */
const views = (server: TesseraServer, sessionId: string): Readonly<Record<string, (page: Page) => Promise<void>>> => {
  const panel = (tab: string) => async (page: Page) => {
    await open(page, server, `/sessions/?session=${sessionId}&tab=${tab}`)
    await expect(page.getByRole('tab', { selected: true })).toBeVisible()
  }
  return {
    overview: async (page) => {
      await open(page, server, '/overview/')
      await expect(page.getByRole('region', { name: 'Who is let in' })).toBeVisible()
    },
    'overview, editing': async (page) => {
      await open(page, server, '/overview/')
      await page.getByRole('button', { name: 'Change the maximum' }).click()
      await page.getByRole('region', { name: 'Addresses' }).getByRole('button', { name: 'Edit' }).click()
      await page.getByRole('button', { name: 'Add a rule' }).click()
      await expect(page.getByLabel('Address of rule 2')).toBeVisible()
    },
    'refusing dialog': async (page) => {
      await open(page, server, '/overview/')
      await page.getByRole('button', { name: 'Refuse new connections' }).click()
      await expect(page.getByLabel('Message to newcomers')).toBeVisible()
    },
    sessions: (page) => open(page, server, '/sessions/'),
    'sessions, none matching': async (page) => {
      await open(page, server, '/sessions/?q=nobody')
      await expect(page.getByRole('heading', { name: 'No session matches' })).toBeVisible()
    },
    'panel, summary': panel('summary'),
    'panel, storage': panel('storage'),
    'panel, history': async (page) => {
      await open(page, server, `/sessions/?session=${sessionId}&tab=storage&history=`)
      await expect(page.getByRole('region', { name: 'Changes, newest first' }).getByRole('listitem').first()).toBeVisible()
    },
    'panel, privileges': panel('privileges'),
    'panel, processes': panel('processes'),
    'disconnect dialog': async (page) => {
      await panel('summary')(page)
      await page.getByRole('button', { name: 'Disconnect' }).click()
      await expect(page.getByRole('button', { name: 'Disconnect 1' })).toBeEnabled()
    },
    'shared history': async (page) => {
      await open(page, server, '/procedures/?history=')
      await expect(page.getByRole('region', { name: 'Changes, newest first' })).toBeVisible()
    },
    'panel, calls': async (page) => {
      await panel('calls')(page)
      await expect(page.getByRole('tabpanel').getByRole('listitem').first()).toBeVisible()
    },
    processes: async (page) => {
      await open(page, server, '/processes/')
      await expect(page.getByRole('grid', { name: 'Processes' }).locator('[data-index]').first()).toBeVisible()
    },
    'process panel': async (page) => {
      await open(page, server, '/processes/')
      await page.getByRole('grid', { name: 'Processes' }).locator('[data-index]').first().click()
      await expect(page.getByRole('heading', { name: 'Facts' })).toBeVisible()
    },
    isolates: async (page) => {
      await open(page, server, '/processes/?view=isolates')
      await expect(page.getByRole('main').getByRole('listitem').first()).toBeVisible()
    },
    calls: async (page) => {
      await open(page, server, '/calls/')
      await expect(page.getByRole('grid', { name: 'Calls' }).locator('[data-index]').first()).toBeVisible()
    },
    'call panel': async (page) => {
      await open(page, server, '/calls/?q=refuse')
      await page.getByRole('grid', { name: 'Calls' }).locator('[data-index]').first().click()
      await expect(page.getByRole('heading', { name: 'Where the time went' })).toBeVisible()
    },
    'calls, none slow': async (page) => {
      await open(page, server, '/calls/?show=slow&session=nobody')
      await expect(page.getByRole('heading', { name: 'No call was slow' })).toBeVisible()
    },
    'stored procedures': (page) => open(page, server, '/procedures/'),
    'start dialog': async (page) => {
      await open(page, server, '/procedures/')
      await page.getByRole('button', { name: 'Start a procedure' }).click()
      await expect(page.getByRole('dialog').getByLabel('Process name')).toBeVisible()
    },
    versions: async (page) => {
      await open(page, server, '/versions/')
      await expect(page.getByRole('list', { name: 'Timeline' })).toBeVisible()
    },
    'no such page': async (page) => {
      await page.goto(`${server.url}/console/nowhere/`)
      await expect(page.getByText('There is no such page.')).toBeVisible()
    },
  }
}

const fill = async (server: TesseraServer, remote: { call(method: string, ...args: unknown[]): Promise<unknown> }): Promise<void> => {
  await remote.call('remember', 'cart', { customer: 'Ana', lines: [{ product: 'A rather long name of a product that goes on and on', count: 3 }] })
  await remote.call('remember', 'note', 'x'.repeat(200))
  await remote.call('remember', 'cart', { customer: 'Ana', lines: [] })
  await server.cli.ok(['storage', 'set', 'procedures', 'rate', '1.21'])
  await remote.call('grant', ['editProducts'])
  await server.cli.ok(['procedures', 'start', 'add', '2', '3', '--name', 'sum', '--wait'])
  await server.cli.run(['procedures', 'start', 'refuse', '"no stock left"', '--wait'])
}

for (const theme of ['light', 'dark'] as const) {
  test(`W11 axe finds nothing on any page, ${theme}`, async ({ house, page, connect, browser }) => {
    test.slow()
    const remote = await connect(house.url, { machineName: 'till-a' })
    await fill(house, remote)
    await signIn(page, house)
    await chooseTheme(page, theme)
    const found: Record<string, string[]> = {}
    for (const [name, show] of Object.entries(views(house, remote.sessionId))) {
      await show(page)
      await settled(page)
      found[name] = await findings(page)
    }
    const stranger = await browser.newPage()
    await stranger.goto(`${house.url}/console/sign-in/`)
    await chooseTheme(stranger, theme)
    await expect(stranger.getByRole('button', { name: 'Sign in' })).toBeVisible()
    await settled(stranger)
    found['sign-in'] = await findings(stranger)
    await stranger.close()
    expect(Object.fromEntries(Object.entries(found).filter(([, lines]) => lines.length > 0))).toEqual({})
  })
}

test('W12 no page scrolls sideways at 380 pixels', async ({ house, page, connect }) => {
  test.slow()
  const remote = await connect(house.url, { machineName: 'till-a' })
  await fill(house, remote)
  await signIn(page, house)
  await page.setViewportSize({ width: 380, height: 740 })
  const found: Record<string, string[]> = {}
  for (const [name, show] of Object.entries(views(house, remote.sessionId))) {
    await show(page)
    const wide = await wideScrollers(page)
    if (wide.length > 0) found[name] = wide
  }
  expect(found).toEqual({})
  await open(page, house, '/sessions/')
  await expect(page.getByRole('navigation', { name: 'Pages' }).getByRole('link')).toHaveCount(6)
})

test('W13 the console speaks Spanish and English, and keeps the choice', async ({ house, page, browser }) => {
  await signIn(page, house)
  await page.getByRole('radio', { name: 'Español' }).check({ force: true })
  await expect(page.getByRole('heading', { level: 1, name: /^Sesiones/ })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('lang', 'es')
  await page.reload()
  await expect(page.getByRole('link', { name: 'Procedimientos' })).toBeVisible()
  await page.getByRole('radio', { name: 'English' }).check({ force: true })
  await expect(page.getByRole('heading', { level: 1, name: /^Sessions/ })).toBeVisible()

  const spanish = await browser.newContext({ locale: 'es-ES' })
  const theirs = await spanish.newPage()
  await theirs.goto(`${house.url}/console/`)
  await expect(theirs.getByRole('button', { name: 'Entrar' })).toBeVisible()
  await spanish.close()
})

test('W11 the theme follows the system until somebody chooses', async ({ house, page }) => {
  await page.emulateMedia({ colorScheme: 'dark' })
  await signIn(page, house)
  const root = page.locator('html')
  await expect(root).toHaveAttribute('data-theme', 'dark')
  await page.emulateMedia({ colorScheme: 'light' })
  await expect(root).toHaveAttribute('data-theme', 'light')
  await page.getByRole('radio', { name: 'Dark' }).check({ force: true })
  await expect(root).toHaveAttribute('data-theme', 'dark')
  await new SessionsPage(page).count('1 of 1')
})
