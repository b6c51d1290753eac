import { goalLineOf } from '../lib/goals.mjs'
import { goalsOfP6, readBackTable, summariseP6, tableOfP6 } from './report.mjs'
import { runP6 } from './run.mjs'

/** @type {import('../main.mjs').Bench} */
export const benchP6 = async (options, say) => {
  const result = await runP6(options, say)
  const lines = summariseP6(result.rows)
  const goals = goalsOfP6(lines, result.readBacks)
  console.log('\nP6: one line of 200 bytes changes in a document of 500, and the store says that it is kept\n')
  console.log(`${tableOfP6(lines, result.readBacks)}\n\n${readBackTable(result)}\n\n${goalLineOf('P6', goals)}`)
  return { ...result, lines: lines.map(({ rateTo, ...line }) => ({ ...line, rateTo: Object.fromEntries(rateTo) })), goals }
}
