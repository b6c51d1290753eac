import { goalLineOf } from '../lib/goals.mjs'
import { needFiles } from '../lib/open-files.mjs'
import { goalsOfP3, summariseP3, tableOfP3 } from './report.mjs'
import { runP3 } from './run.mjs'

/** @type {import('../main.mjs').Bench} */
export const benchP3 = async (options, say) => {
  needFiles(options.sessions)
  const rows = await runP3(options, say)
  const lines = summariseP3(rows)
  const goals = goalsOfP3(lines)
  console.log(`\nP3: ${options.sessions.toLocaleString('en-US')} idle sessions with 200 bytes of storage each, against as many bare connections\n`)
  console.log(`${tableOfP3(lines)}\n\n${goalLineOf('P3', goals)}`)
  return { lines, goals, rows }
}
