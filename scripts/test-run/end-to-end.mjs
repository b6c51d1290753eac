import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { runNode } from '../bootstrap/child.mjs'
import { cacheFolder, repositoryRoot } from '../bootstrap/repository.mjs'
import { readReport, tallyOfPlaywright } from './read-reports.mjs'
import { tallyOfStep, withRunnerVerdict } from './tally.mjs'

/**
 * Runs the browser tests of e2e/.
 * @returns {Promise<import('./tally.mjs').Tally>}
 */
export const runEndToEnd = async () => {
  const cwd = join(repositoryRoot, 'e2e')
  if (!readdirSync(cwd).some((file) => file.startsWith('playwright.config.'))) return tallyOfStep('e2e: there is no playwright.config', false)
  const report = `${cacheFolder}/reports/e2e.json`
  mkdirSync(dirname(report), { recursive: true })
  rmSync(report, { force: true })
  const playwright = join(dirname(createRequire(join(cwd, 'package.json')).resolve('@playwright/test/package.json')), 'cli.js')
  const exitCode = await runNode([playwright, 'test', '--reporter=list,json', '--forbid-only'], { cwd, env: { PLAYWRIGHT_JSON_OUTPUT_FILE: report } })
  return withRunnerVerdict('e2e', tallyOfPlaywright(readReport(report)), exitCode)
}
