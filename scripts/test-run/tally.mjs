/**
 * What one part of a test run came to. Names are what a reader can search for.
 * @typedef {object} Tally
 * @property {number} passed
 * @property {string[]} failed
 * @property {string[]} skipped
 */

/** @returns {Tally} */
export const emptyTally = () => ({ passed: 0, failed: [], skipped: [] })

/**
 * @param {Tally[]} tallies
 * @returns {Tally}
 */
export const addTallies = (tallies) => ({
  passed: tallies.reduce((sum, tally) => sum + tally.passed, 0),
  failed: tallies.flatMap((tally) => tally.failed),
  skipped: tallies.flatMap((tally) => tally.skipped),
})

/**
 * A step that is no test run, such as lint, counts as one test.
 * @param {string} name
 * @param {boolean} passed
 * @returns {Tally}
 */
export const tallyOfStep = (name, passed) => (passed ? { passed: 1, failed: [], skipped: [] } : { passed: 0, failed: [name], skipped: [] })

/**
 * With every service there, a skipped test is a test that nobody ran.
 * @param {Tally} tally
 * @returns {Tally}
 */
export const skipsAsFailures = ({ passed, failed, skipped }) => ({ passed, failed: [...failed, ...skipped.map((name) => `${name} (skipped)`)], skipped: [] })

/**
 * A runner that ends badly, or runs nothing, has failed even where none of its tests did.
 * @param {string} name of the package
 * @param {Tally} tally
 * @param {number} exitCode
 * @returns {Tally}
 */
export const withRunnerVerdict = (name, tally, exitCode) => {
  if (tally.failed.length > 0) return tally
  if (exitCode !== 0) return { ...tally, failed: [`${name}: the test runner ended with ${exitCode} and no failed test`] }
  if (tally.passed === 0) return { ...tally, failed: [`${name}: no test was run`] }
  return tally
}

/** @param {Tally} tally */
export const summaryLine = ({ passed, failed, skipped }) => `${passed} passed, ${failed.length} failed, ${skipped.length} skipped`
