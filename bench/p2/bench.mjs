import { goalLineOf } from '../lib/goals.mjs'
import { formatNumber } from '../lib/stats.mjs'
import { faults } from './faults.mjs'
import { goalsOfP2, summariseP2, tableOfP2 } from './report.mjs'
import { runP2 } from './run.mjs'

const windowSeconds = 10
/** Above this the load itself may be what others wait for. */
const lateMs = 20

/** @type {import('../main.mjs').Bench} */
export const benchP2 = async ({ callers, rate, rounds, peers, seconds, faults: chosen }, say) => {
  const window = seconds ?? windowSeconds
  const rows = await runP2({ rounds, peers, callers, rate, seconds: window, faults: chosen ?? Object.keys(faults) }, say)
  const lines = summariseP2(rows)
  const goals = goalsOfP2(lines)
  console.log(`\nP2: ${callers} others call ${rate} times a second each (open loop, from when a call was due), for ${window} s from a fault on`)
  for (const [name, { title }] of Object.entries(faults)) {
    const own = lines.filter(({ fault }) => fault === name)
    if (own.length > 0) console.log(`\nOne client's method: ${title}\n\n${tableOfP2(own)}`)
  }
  const late = Math.max(...rows.map(({ loadLate }) => loadLate))
  if (late > lateMs)
    console.log(`\nThe load itself was late by up to ${formatNumber(late)} ms: this machine is busy, and what is told is not of the servers alone.`)
  if (goals.length > 0) console.log(`\n${goalLineOf('P2', goals)}`)
  return { lines, goals, rows }
}
