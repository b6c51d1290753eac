import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { askConsole } from '../lib/ask-console.mjs'

/** @typedef {import('@tessera/protocol').IsolateRow} IsolateRow */
/** @typedef {import('@tessera/protocol').ProcessRow} ProcessRow */
/** `rank`: the greater, the more is told. @typedef {{ rank: number, how: string }} Naming */

/**
 * Who did it, as far as the console says so of this session; null where it does not.
 * @param {{ isolates: readonly IsolateRow[], processes: readonly ProcessRow[] }} shown
 * @param {string} sessionId
 * @returns {Naming | null}
 */
export const namingOf = ({ isolates, processes }, sessionId) => {
  const quarantined = isolates.find((isolate) => isolate.quarantined?.sessionId === sessionId)?.quarantined
  if (quarantined) return { rank: 3, how: `quarantined for ${quarantined.method}` }
  const stuckIn = isolates.find((isolate) => isolate.stuckIn?.sessionId === sessionId)?.stuckIn
  if (stuckIn) return { rank: 2, how: `stuck in ${stuckIn.method}` }
  const errors = processes.filter((process) => process.sessionId === sessionId).reduce((sum, process) => sum + process.errors, 0)
  return errors === 0 ? null : { rank: 1, how: `${errors} failed ${errors === 1 ? 'call' : 'calls'} at its process` }
}

const askEveryMs = 250

/**
 * Looks at the console again and again. `stop` tells the most that it said, and how long after the start that first was.
 * @param {string} dataDirectory
 * @param {string} sessionId
 */
export const watchCulprit = (dataDirectory, sessionId) => {
  const from = performance.now()
  /** @type {(Naming & { afterMs: number }) | null} */
  let named = null
  let over = false
  const watch = async () => {
    while (!over) {
      const [isolates, processes] = await Promise.all([
        askConsole(dataDirectory, 'processes.isolates'),
        askConsole(dataDirectory, 'processes.list', { session: sessionId }),
      ])
      const naming = namingOf({ isolates: isolates?.isolates ?? [], processes: processes?.processes ?? [] }, sessionId)
      if (naming !== null && naming.rank > (named?.rank ?? 0)) named = { ...naming, afterMs: performance.now() - from }
      await pause(askEveryMs)
    }
    return named
  }
  const watching = watch()
  return {
    stop: () => {
      over = true
      return watching
    },
  }
}
