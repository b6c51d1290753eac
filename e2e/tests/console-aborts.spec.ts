import type { Page } from '@playwright/test'
import type { Remote } from '@tessera/client'
import { test as base, expect, sharedServer } from '../src/fixtures.ts'
import { open, signIn } from '../src/sign-in.ts'
import type { TesseraServer } from '../src/tessera-server.ts'

const files = {
  'tessera.json': JSON.stringify({ name: 'Works' }),
  'methods/loop.ts': `import { onServer } from '@tessera/kit'
export default onServer(() => {
  for (;;) {}
})
`,
  'methods/never.ts': `import { onServer } from '@tessera/kit'
export default onServer(() => new Promise<void>(() => undefined))
`,
  'methods/half.ts': `import { currentProcess, onServer, progress } from '@tessera/kit'
export default onServer((heeds: boolean) => {
  progress(0.5, 'half way')
  const { signal } = currentProcess()
  return new Promise<void>((_, reject) => {
    if (heeds) signal.onAbort(() => reject(new Error('stopped at half')))
  })
})
`,
}

const test = base.extend<object, { works: TesseraServer }>({ works: sharedServer('works', files) })

const withinMs = 1000

/** How a call ended, and when. */
const endOf = (call: Promise<unknown>): Promise<{ code: string; message: string; at: number }> =>
  call.then(
    () => ({ code: 'DONE', message: '', at: Date.now() }),
    (error: { code?: string; message: string; data?: { tessera?: { code?: string } } }) => ({
      code: error.code ?? error.data?.tessera?.code ?? '',
      message: error.message,
      at: Date.now(),
    }),
  )

interface Confirmed {
  page: Page
  button: string
  reason: string
  /** Within one element of `place` all of these are written once it is over. */
  over: { place: string; texts: readonly string[] }
}

/** Confirms the open dialog; when its button was pressed, and how long until the page showed the end. Both by the page's own clock. */
const confirm = async ({ page, button, reason, over }: Confirmed): Promise<{ at: number; shownMs: number }> => {
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Reason').fill(reason)
  const shown = await page.evaluateHandle(({ place, texts }) => {
    let at = 0
    const note = () => {
      at = Date.now()
    }
    window.addEventListener('click', note, { capture: true, once: true })
    const isOver = () => [...document.querySelectorAll(place)].some(({ textContent }) => texts.every((text) => textContent?.includes(text)))
    return {
      end: new Promise<{ at: number; shownMs: number }>((resolve) => {
        const observer = new MutationObserver(() => {
          if (at === 0 || !isOver()) return
          observer.disconnect()
          resolve({ at, shownMs: Date.now() - at })
        })
        observer.observe(document.body, { subtree: true, childList: true, characterData: true })
      }),
    }
  }, over)
  await dialog.getByRole('button', { name: button, exact: true }).click()
  return shown.evaluate(({ end }) => end)
}

/** The entry of an act, with who, what, why and when. */
const expectRecord = async (server: TesseraServer, act: string, { target, reason, at }: { target: string; reason: string; at: number }): Promise<void> => {
  const { entries } = await server.admin.audit.list.query({ limit: 20 })
  const entry = entries.find((each) => each.act === act && each.reason === reason)
  expect(entry).toMatchObject({ who: 'Administrator (console)', role: 'admin', target: expect.stringContaining(target), ok: true })
  expect(Math.abs(Date.parse(entry?.at ?? '') - at)).toBeLessThan(withinMs)
}

interface Aborted {
  works: TesseraServer
  page: Page
  remote: Remote
  method: string
  outcome: 'yielded' | 'killed'
}

const expectAborted = async ({ works, page, remote, method, outcome }: Aborted): Promise<void> => {
  await signIn(page, works)
  const end = endOf(remote.call(method))
  await open(page, works, `/sessions/?session=${remote.sessionId}&tab=processes`)
  await page.getByRole('tabpanel').getByRole('link').first().click()
  const panel = page.locator('aside')
  await expect(panel).toContainText(method)
  await panel.getByRole('button', { name: 'Abort' }).click()
  const reason = `no more of ${method}`
  const { at, shownMs } = await confirm({ page, button: 'Abort', reason, over: { place: 'aside', texts: ['Idle'] } })
  expect(shownMs).toBeLessThan(withinMs)
  const heard = await end
  expect(heard).toMatchObject({ code: 'CALL_CANCELLED', message: expect.stringContaining(reason) })
  expect(heard.at - at).toBeLessThan(withinMs)
  await expect(page.getByRole('dialog')).toContainText(outcome === 'killed' ? 'The call did not let go' : 'The call was ended')
  await expectRecord(works, `process.abort (${outcome})`, { target: method, reason, at })
}

test('W34 an await that never ends is aborted: caller, console and record tell it within a second', async ({ works, page, connect }) => {
  await expectAborted({ works, page, remote: await connect(works.url), method: 'never', outcome: 'yielded' })
})

test('W40 a loop is aborted: caller, console and record tell it within a second', async ({ works, page, connect }) => {
  await expectAborted({ works, page, remote: await connect(works.url), method: 'loop', outcome: 'killed' })
})

test('W41 a stored procedure half-way that heeds it is cancelled: caller, console and record tell it within a second', async ({ works, page }) => {
  await signIn(page, works)
  const { processId } = await works.admin.procedures.start.mutate({ method: 'half', args: '[true]', name: 'heeding' })
  const end = endOf(works.admin.procedures.result.mutate({ processId }))
  await open(page, works, '/procedures/')
  const row = page.getByRole('listitem').filter({ hasText: 'heeding' })
  await expect(row).toContainText('half way')
  await row.getByRole('button', { name: 'Cancel: heeding' }).click()
  const { at, shownMs } = await confirm({ page, button: 'Cancel', reason: 'closing time', over: { place: 'li', texts: ['heeding', 'Failed'] } })
  expect(shownMs).toBeLessThan(withinMs)
  const heard = await end
  expect(heard).toMatchObject({ code: 'CALL_CANCELLED', message: 'closing time (stopped at half)' })
  expect(heard.at - at).toBeLessThan(withinMs)
  await expectRecord(works, 'procedure.cancel', { target: processId, reason: 'closing time', at })
})

test('W41 a stored procedure that goes on though it was told to end says so, and is aborted within a second', async ({ works, page }) => {
  await signIn(page, works)
  const { processId } = await works.admin.procedures.start.mutate({ method: 'half', args: '[false]', name: 'deaf' })
  const end = endOf(works.admin.procedures.result.mutate({ processId }))
  await open(page, works, '/procedures/')
  const row = page.getByRole('listitem').filter({ hasText: 'deaf' })
  await row.getByRole('button', { name: 'Cancel: deaf' }).click()
  const told = await confirm({ page, button: 'Cancel', reason: 'please end', over: { place: 'li', texts: ['deaf', 'Told to end: please end'] } })
  expect(told.shownMs).toBeLessThan(withinMs)
  await row.getByRole('button', { name: 'Abort: deaf' }).click()
  const { at, shownMs } = await confirm({ page, button: 'Abort', reason: 'at once', over: { place: 'li', texts: ['deaf', 'Failed'] } })
  expect(shownMs).toBeLessThan(withinMs)
  const heard = await end
  expect(heard).toMatchObject({ code: 'CALL_CANCELLED', message: expect.stringContaining('at once') })
  expect(heard.at - at).toBeLessThan(withinMs)
  await expectRecord(works, 'process.abort (yielded)', { target: 'half', reason: 'at once', at })
})
