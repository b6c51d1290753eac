import { goalLineOf } from '../lib/goals.mjs'
import { needFiles } from '../lib/open-files.mjs'
import { goalsOfP9, summariseP9, tableOfP9 } from './report.mjs'
import { runP9 } from './run.mjs'

/** @type {import('../main.mjs').Bench} */
export const benchP9 = async (options, say) => {
  needFiles(options.sessions)
  const rows = await runP9(options, say)
  const summary = summariseP9(rows)
  const goals = goalsOfP9(summary)
  console.log(`\nP9: a start with ${options.sessions.toLocaleString('en-US')} sessions journalled, against one with none\n`)
  console.log(`${tableOfP9(summary)}\n\n${goalLineOf('P9', goals)}`)
  return { ...summary, goals, rows }
}
