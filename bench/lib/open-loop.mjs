import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'

/** What the loop needs of the machine; milliseconds. @typedef {{ now: () => number, wait: () => Promise<unknown> }} Time */

/** @type {Time} */
const realTime = { now: () => performance.now(), wait: () => pause(1) }

/**
 * An open loop: calls begin when they are due, whatever became of those before, so that a server that stalls makes nobody ask less of
 * it. Whoever counts from `due` sees the stall in each call that fell into it.
 * @param {object} plan
 * @param {number} plan.calls how many
 * @param {number} plan.perSecond
 * @param {(number: number, due: number) => void} plan.begin
 * @param {() => boolean} [plan.over] whether to stop before
 * @param {Time} [time]
 * @returns {Promise<{ begun: number, latest: number }>} `latest`: how late a call began at worst, which is the load's own fault
 */
export const openLoop = async ({ calls, perSecond, begin, over = () => false }, time = realTime) => {
  const from = time.now()
  let latest = 0
  for (let number = 0; number < calls; number++) {
    const due = from + (number * 1000) / perSecond
    while (time.now() < due) await time.wait()
    if (over()) return { begun: number, latest }
    latest = Math.max(latest, time.now() - due)
    begin(number, due)
  }
  return { begun: calls, latest }
}
