import { goalLineOf } from '../lib/goals.mjs'
import { goalsOf, summariseP1, tableOf } from './report.mjs'
import { runP1 } from './run.mjs'

const secondsOfEach = 2

/** @type {import('../main.mjs').Bench} */
export const benchP1 = async (options, say) => {
  const rows = await runP1({ ...options, seconds: options.seconds ?? secondsOfEach }, say)
  const depths = options.depths.map((depth) => {
    const lines = summariseP1(rows.filter((row) => row.depth === depth))
    const goals = goalsOf(lines)
    console.log(
      `\nP1: execute on server, 200 bytes there and back, ${options.connections} connections, ${depth} ${depth === 1 ? 'call' : 'calls'} at a time on each\n`,
    )
    console.log(tableOf(lines))
    if (depth === 1 && lines.some(({ peer }) => peer === 'tessera')) console.log(`\n${goalLineOf('P1', goals)}`)
    return { depth, lines, goals }
  })
  if (rows.some(({ cpu }) => cpu === null)) console.log('\nServer CPU cannot be measured on this system: there is no /proc.')
  return { depths, rows }
}
