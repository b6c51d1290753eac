import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from '@playwright/test'
import type { AxeResults, RunOptions } from 'axe-core'
import { expect, test } from '../src/fixtures.ts'
import { SessionsPage } from '../src/sessions-page.ts'
import { open, signIn } from '../src/sign-in.ts'
import type { TesseraServer } from '../src/tessera-server.ts'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

declare global {
  interface Window {
    axe?: { run(options: RunOptions): Promise<AxeResults> }
  }
}

const everything: RunOptions = {}
/** What another theme may change of a page that is otherwise the same. */
const colours: RunOptions = { runOnly: ['color-contrast', 'link-in-text-block'] }

/** What axe finds, one line each. The source goes in past the content security policy, which is right to refuse it. */
const findings = async (page: Page, options: RunOptions): Promise<string[]> => {
  if (!(await page.evaluate(() => window.axe !== undefined))) await page.evaluate(axeSource)
  const { violations, passes } = await page.evaluate(async (asked) => (await window.axe?.run(asked)) ?? { violations: [], passes: [] }, options)
  expect(passes.length, 'rules that axe looked at').toBeGreaterThan(options === everything ? 10 : 0)
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
    'cancel dialog': async (page) => {
      await open(page, server, '/procedures/')
      await page.getByRole('button', { name: 'Cancel: half', exact: true }).first().click()
      await expect(page.getByRole('dialog').getByLabel('Reason')).toBeVisible()
    },
    'abort dialog': async (page) => {
      await open(page, server, '/processes/?q=half')
      await page.getByRole('grid', { name: 'Processes' }).locator('[data-index]').first().click()
      await page.getByRole('button', { name: 'Abort' }).click()
      await expect(page.getByRole('dialog').getByLabel('Reason')).toBeVisible()
    },
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

/** The id of a stored procedure that runs until it is aborted. */
const fill = async (server: TesseraServer, remote: { call(method: string, ...args: unknown[]): Promise<unknown> }): Promise<string> => {
  await remote.call('remember', 'cart', { customer: 'Ana', lines: [{ product: 'A rather long name of a product that goes on and on', count: 3 }] })
  await remote.call('remember', 'note', 'x'.repeat(200))
  await remote.call('remember', 'cart', { customer: 'Ana', lines: [] })
  await remote.call('grant', ['editProducts'])
  const { storage, procedures } = server.admin
  await storage.patch.mutate({ session: 'procedures', slot: 'rate', text: '1.21' })
  const half = await procedures.start.mutate({ method: 'report', args: '["never"]', name: 'half' })
  const { processId } = await procedures.start.mutate({ method: 'add', args: '[2,3]', name: 'sum' })
  await procedures.result.mutate({ processId })
  const refused = await procedures.start.mutate({ method: 'refuse', args: '["no stock left"]' })
  await expect(procedures.result.mutate({ processId: refused.processId })).rejects.toThrow('no stock left')
  return half.processId
}

test('W11 axe finds nothing on any page, light or dark', async ({ house, page, connect, browser }) => {
  test.setTimeout(300_000)
  const remote = await connect(house.url, { machineName: 'till-a' })
  const processId = await fill(house, remote)
  await signIn(page, house)
  const found: Record<string, string[]> = {}
  const look = async (name: string, at: Page): Promise<void> => {
    for (const [theme, options] of [
      ['light', everything],
      ['dark', colours],
    ] as const) {
      await at.emulateMedia({ colorScheme: theme })
      await expect(at.locator('html')).toHaveAttribute('data-theme', theme)
      await settled(at)
      const lines = await findings(at, options)
      if (lines.length > 0) found[`${name}, ${theme}`] = lines
    }
  }
  for (const [name, show] of Object.entries(views(house, remote.sessionId))) {
    await show(page)
    await look(name, page)
  }
  const stranger = await browser.newPage()
  await stranger.goto(`${house.url}/console/sign-in/`)
  await expect(stranger.getByRole('button', { name: 'Sign in' })).toBeVisible()
  await look('sign-in', stranger)
  await stranger.close()
  await house.admin.processes.abort.mutate({ processId, reason: '' })
  expect(found).toEqual({})
})

test('W12 no page scrolls sideways at 380 pixels', async ({ house, page, connect }) => {
  test.slow()
  const remote = await connect(house.url, { machineName: 'till-a' })
  const processId = await fill(house, remote)
  await signIn(page, house)
  await page.setViewportSize({ width: 380, height: 740 })
  const found: Record<string, string[]> = {}
  for (const [name, show] of Object.entries(views(house, remote.sessionId))) {
    await show(page)
    const wide = await wideScrollers(page)
    if (wide.length > 0) found[name] = wide
  }
  await house.admin.processes.abort.mutate({ processId, reason: '' })
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
