import { defineConfig } from '@playwright/test'
import { launchOptions } from './browser.mjs'

/** Tests that measure how soon something is on the screen run one at a time. */
const measuring = ['**/console-aborts.spec.ts', '**/console-crowd.spec.ts', '**/console-history.spec.ts', '**/console-live.spec.ts', '**/console-calls.spec.ts']

/** Nothing is repeated, so that whatever fails now and then is seen. */
export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  workers: 2,
  projects: [
    { name: 'measuring', testMatch: measuring, workers: 1 },
    { name: 'side-by-side', testIgnore: measuring },
  ],
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  use: {
    headless: true,
    locale: 'en-GB',
    viewport: { width: 1280, height: 800 },
    // Its snapshots of the page show what was on it; pictures of all that moves cost about a fifth of a test's time.
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: true, sources: false },
    actionTimeout: 15_000,
    launchOptions,
  },
})
