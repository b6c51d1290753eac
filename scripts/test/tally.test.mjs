import { expect, test } from 'vitest'
import { tallyOfPlaywright, tallyOfVitest } from '../test-run/read-reports.mjs'
import { chooseSteps } from '../test-run/steps.mjs'
import { addTallies, skipsAsFailures, summaryLine, tallyOfStep, withRunnerVerdict } from '../test-run/tally.mjs'

const passed = { passed: 3, failed: [], skipped: ['db: needs PostgreSQL'] }

test('tallies add up to the last line', () => {
  expect(summaryLine(addTallies([passed, tallyOfStep('lint', true), tallyOfStep('types', false)]))).toBe('4 passed, 1 failed, 1 skipped')
})

test('where every service is there, a skip is a failure that keeps its name', () => {
  expect(skipsAsFailures(passed)).toEqual({ passed: 3, failed: ['db: needs PostgreSQL (skipped)'], skipped: [] })
})

test('a runner that dies, or runs nothing, has failed', () => {
  expect(withRunnerVerdict('db', passed, 0)).toBe(passed)
  expect(withRunnerVerdict('db', passed, 1).failed).toEqual(['db: the test runner ended with 1 and no failed test'])
  expect(withRunnerVerdict('db', { ...passed, passed: 0 }, 0).failed).toEqual(['db: no test was run'])
})

test('a vitest report gives its counts, and a file that did not load counts as one failure', () => {
  const assertionResults = ['passed', 'failed', 'skipped', 'todo', 'pending'].map((status) => ({ status, fullName: status }))
  const report = {
    testResults: [
      { name: 'a.test.ts', status: 'failed', assertionResults },
      { name: 'b.test.ts', status: 'failed', assertionResults: [] },
    ],
  }
  expect(tallyOfVitest('core', report)).toEqual({
    passed: 1,
    failed: ['core: failed', 'core: b.test.ts'],
    skipped: ['core: skipped', 'core: todo', 'core: pending'],
  })
})

test('a Playwright report gives its counts, flaky tests as failures', () => {
  const spec = (title, status) => ({ title, tests: [{ status }] })
  const specs = [spec('a', 'expected'), spec('b', 'unexpected'), spec('c', 'flaky'), spec('d', 'skipped')]
  const report = { suites: [{ title: 'x.spec.ts', suites: [{ title: 'console', specs }] }], errors: [{ message: 'no browser\nat ...' }] }
  expect(tallyOfPlaywright(report)).toEqual({
    passed: 1,
    failed: ['e2e: no browser', 'e2e: x.spec.ts console b', 'e2e: x.spec.ts console c (flaky)'],
    skipped: ['e2e: x.spec.ts console d'],
  })
})

test('--only takes a group or a step, brings the build where it is needed, and refuses the rest', () => {
  expect(chooseSteps(['lint']).map(({ name }) => name)).toEqual(['layers', 'rules', 'biome'])
  expect(chooseSteps(['unit']).map(({ name }) => name)).toEqual(['build', 'unit'])
  expect(chooseSteps([])).toHaveLength(7)
  expect(() => chooseSteps(['units'])).toThrow('there is no step units')
})
