import { defineConfig } from '@playwright/test'
import { launchOptions } from './browser.mjs'

/** One worker: the tests measure, and share a server. Nothing is repeated, so that whatever fails now and then is seen. */
export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  workers: 1,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  use: { headless: true, locale: 'en-GB', viewport: { width: 1280, height: 800 }, trace: 'retain-on-failure', actionTimeout: 15_000, launchOptions },
})
