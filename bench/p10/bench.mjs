import { limits } from '@tessera/protocol'
import { goalLineOf } from '../lib/goals.mjs'
import { needFiles } from '../lib/open-files.mjs'
import { goalsOfP10, summariseP10, tableOfP10 } from './report.mjs'
import { runP10 } from './run.mjs'

/** @type {import('../main.mjs').Bench} */
export const benchP10 = async ({ rounds, sessions, connections, seconds }, say) => {
  needFiles(sessions + connections)
  // Signs of life come in waves where everybody came at once: what is measured lasts for all of one.
  const rows = await runP10({ rounds, sessions, connections, seconds: seconds ?? limits.heartbeatSeconds }, say)
  const summary = summariseP10(rows)
  const goals = goalsOfP10(summary)
  console.log(`\nP10: execute on server from ${connections} connections, beside ever more idle sessions with 200 bytes of storage each\n`)
  console.log(`${tableOfP10(summary)}\n\n${goalLineOf('P10', goals)}`)
  return { ...summary, goals, rows }
}
