import { expect, type Page } from '@playwright/test'
import type { TesseraServer } from './tessera-server.ts'

/** Signs in with a fresh one-time link, and waits until the sessions page is live. */
export const signIn = async (page: Page, server: TesseraServer): Promise<void> => {
  await page.goto(await server.newLink())
  await expect(page.getByRole('heading', { level: 1, name: /^Sessions/ })).toBeVisible()
  await expectLive(page)
}

/** The page's own word for it that its socket is connected. */
export const expectLive = (page: Page): Promise<void> => expect(page.getByTestId('connection')).toHaveText(/Live$/)

/** Another page of the console, by its address below `/console`. */
export const open = async (page: Page, server: TesseraServer, path: string): Promise<void> => {
  await page.goto(`${server.url}/console${path}`)
  await expectLive(page)
}
