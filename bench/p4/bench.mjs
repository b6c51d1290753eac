import { goalLineOf } from '../lib/goals.mjs'
import { needFiles } from '../lib/open-files.mjs'
import { goalsOfP4, summariseP4, tableOfP4 } from './report.mjs'
import { runP4 } from './run.mjs'

/** @type {import('../main.mjs').Bench} */
export const benchP4 = async (options, say) => {
  needFiles(options.sessions)
  const rows = await runP4(options, say)
  const lines = summariseP4(rows)
  const goals = goalsOfP4(lines)
  console.log(`\nP4: ${options.sessions.toLocaleString('en-US')} clients come back to a server that was killed and started again\n`)
  console.log(`${tableOfP4(lines)}\n\n${goalLineOf('P4', goals)}`)
  return { lines, goals, rows }
}
