import { expect, type Locator, type Page } from '@playwright/test'

/** The Sessions page in the words of whoever looks at it. */
export class SessionsPage {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  get grid(): Locator {
    return this.page.getByRole('grid', { name: 'Sessions' })
  }

  get search(): Locator {
    return this.page.getByRole('searchbox', { name: 'Search sessions' })
  }

  get panel(): Locator {
    return this.page.locator('aside')
  }

  /** Rows of sessions; the header is none. */
  get rows(): Locator {
    return this.grid.locator('[data-index]')
  }

  row(text: string): Locator {
    return this.rows.filter({ hasText: text })
  }

  chip(name: string): Locator {
    return this.page.getByRole('group', { name: 'Quick filters' }).getByRole('button', { name: new RegExp(`^${name}`) })
  }

  /** `matching of total`, as the heading says it. */
  count(text: string): Promise<void> {
    return expect(this.page.getByRole('heading', { level: 1 })).toHaveText(`Sessions ${text}`)
  }

  async openPanel(text: string, tab?: string): Promise<void> {
    await this.row(text).click()
    await expect(this.panel).toBeVisible()
    if (tab !== undefined) await this.panel.getByRole('tab', { name: tab }).click()
  }
}
