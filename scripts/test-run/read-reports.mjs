import { existsSync, readFileSync } from 'node:fs'
import { emptyTally } from './tally.mjs'

/**
 * Counts a vitest JSON report. A file that could not be loaded has no tests to fail: it counts as one failure.
 * @param {string} packageName
 * @param {any} report
 * @returns {import('./tally.mjs').Tally}
 */
export const tallyOfVitest = (packageName, report) => {
  const tally = emptyTally()
  for (const file of report.testResults ?? []) {
    const tests = file.assertionResults ?? []
    for (const test of tests) addResult(tally, test.status, `${packageName}: ${test.fullName}`)
    if (file.status === 'failed' && !tests.some((test) => test.status === 'failed')) tally.failed.push(`${packageName}: ${file.name}`)
  }
  return tally
}

/**
 * Counts a Playwright JSON report. A test that passed only when it was repeated counts as failed: it tells us something.
 * @param {any} report
 * @returns {import('./tally.mjs').Tally}
 */
export const tallyOfPlaywright = (report) => {
  const tally = emptyTally()
  for (const error of report.errors ?? []) tally.failed.push(`e2e: ${String(error.message).split('\n')[0]}`)
  for (const suite of report.suites ?? []) addPlaywrightSuite(tally, suite, [])
  return tally
}

const addPlaywrightSuite = (tally, suite, above) => {
  const titles = suite.title ? [...above, suite.title] : above
  for (const spec of suite.specs ?? []) {
    for (const test of spec.tests) addResult(tally, test.status, ['e2e:', ...titles, spec.title, test.status === 'flaky' ? '(flaky)' : ''].join(' ').trim())
  }
  for (const inner of suite.suites ?? []) addPlaywrightSuite(tally, inner, titles)
}

const addResult = (tally, status, name) => {
  if (status === 'passed' || status === 'expected') tally.passed += 1
  else if (['skipped', 'pending', 'todo', 'disabled'].includes(status)) tally.skipped.push(name)
  else tally.failed.push(name)
}

/**
 * @param {string} path
 * @returns {any} the parsed report; an empty one where the runner died before it could write
 */
export const readReport = (path) => {
  if (!existsSync(path)) return {}
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return {}
  }
}
