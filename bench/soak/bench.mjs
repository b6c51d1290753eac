import { goalLineOf } from '../lib/goals.mjs'
import { formatNumber } from '../lib/stats.mjs'
import { countsOf, goalsOfSoak, summariseSoak, tableOfSoak } from './report.mjs'
import { runSoak } from './run.mjs'

/** @type {import('../main.mjs').Bench} */
export const benchSoak = async ({ minutes, callers, seed }, say) => {
  const soaked = await runSoak({ minutes, callers, seed }, say)
  const goals = goalsOfSoak(soaked)
  const { capacity, perSecond, killed, whole, loadLate } = soaked
  console.log(
    `\nSoak: ${callers} callers, ${perSecond} calls a second, half of ${formatNumber(capacity)}, for ${minutes} minutes; ${killed.length} isolates killed, seed ${seed}\n`,
  )
  console.log(tableOfSoak(soaked))
  console.log(
    `\n${whole.calls.toLocaleString('en-US')} calls: ${whole.answered.toLocaleString('en-US')} answered, ${whole.failed} failed${whole.failed === 0 ? '' : ` (${countsOf(whole.codes)})`}, ${whole.unanswered} never ended; the load itself was late by up to ${formatNumber(loadLate)} ms`,
  )
  console.log(`\n${goalLineOf('soak', goals)}`)
  return { ...soaked, ...summariseSoak(soaked), goals, seed }
}
