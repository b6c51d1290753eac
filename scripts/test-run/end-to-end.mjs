import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { runNode } from '../bootstrap/child.mjs'
import { cacheFolder, repositoryRoot } from '../bootstrap/repository.mjs'
import { readReport, tallyOfPlaywright } from './read-reports.mjs'
import { addTallies, tallyOfStep, withRunnerVerdict } from './tally.mjs'

/**
 * Runs the browser tests of e2e/.
 * @returns {Promise<import('./tally.mjs').Tally>}
 */
export const runEndToEnd = async () => {
  const cwd = join(repositoryRoot, 'e2e')
  if (!readdirSync(cwd).some((file) => file.startsWith('playwright.config.'))) return tallyOfStep('e2e: there is no playwright.config', false)
  const tallies = []
  for (const project of projects) tallies.push(await runProject(cwd, project))
  return addTallies(tallies)
}

/** As in playwright.config: one after the other, since the first ones measure. */
const projects = ['measuring', 'side-by-side']

const runProject = async (cwd, project) => {
  const report = `${cacheFolder}/reports/e2e-${project}.json`
  mkdirSync(dirname(report), { recursive: true })
  rmSync(report, { force: true })
  const playwright = join(dirname(createRequire(join(cwd, 'package.json')).resolve('@playwright/test/package.json')), 'cli.js')
  const args = [playwright, 'test', `--project=${project}`, '--reporter=list,json', '--forbid-only']
  const exitCode = await runNode(args, { cwd, env: { PLAYWRIGHT_JSON_OUTPUT_FILE: report } })
  return withRunnerVerdict(`e2e ${project}`, tallyOfPlaywright(readReport(report)), exitCode)
}
