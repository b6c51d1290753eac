import { writeFile } from 'node:fs/promises'
import { NotMeasured } from './lib/not-measured.mjs'
import { parseOptions, usage } from './lib/options.mjs'
import { surroundings } from './lib/surroundings.mjs'
import { benchP1 } from './p1/bench.mjs'
import { peers as peersOfP1 } from './p1/peers.mjs'
import { benchP2 } from './p2/bench.mjs'
import { peersOfP2 } from './p2/run.mjs'
import { benchP3 } from './p3/bench.mjs'
import { peersOfP3 } from './p3/run.mjs'
import { benchP4 } from './p4/bench.mjs'
import { peersOfP4 } from './p4/run.mjs'
import { benchP6 } from './p6/bench.mjs'
import { stores } from './p6/stores.mjs'
import { benchP9 } from './p9/bench.mjs'
import { benchP10 } from './p10/bench.mjs'
import { benchSoak } from './soak/bench.mjs'

/** @typedef {import('./lib/options.mjs').BenchOptions} BenchOptions */
/** @typedef {Omit<BenchOptions, 'peers'> & { peers: string[] }} GoalOptions the peers are those of the goal */
/** @typedef {(options: GoalOptions, say: (text: string) => void) => Promise<unknown>} Bench prints its tables, and answers what to keep */

const say = (/** @type {string} */ text) => void process.stderr.write(`bench: ${text}\n`)

/** @type {Readonly<Record<string, { peers: readonly string[], bench: Bench }>>} */
const goals = {
  P1: { peers: Object.keys(peersOfP1), bench: benchP1 },
  P2: { peers: peersOfP2, bench: benchP2 },
  P3: { peers: peersOfP3, bench: benchP3 },
  P4: { peers: peersOfP4, bench: benchP4 },
  P6: { peers: Object.keys(stores), bench: benchP6 },
  P9: { peers: ['tessera'], bench: benchP9 },
  P10: { peers: ['tessera'], bench: benchP10 },
  soak: { peers: ['tessera'], bench: benchSoak },
}
/** They take longer than anybody waits for without having asked. */
const onDemand = ['soak']

/**
 * @param {string} name
 * @param {BenchOptions} options
 */
const runGoal = async (name, options) => {
  const { peers, bench } = goals[name] ?? { peers: [], bench: () => Promise.resolve(null) }
  try {
    const chosen = peers.filter((peer) => options.peers?.includes(peer) ?? true)
    if (chosen.length === 0) throw new NotMeasured('none of its peers was chosen')
    return await bench({ ...options, peers: chosen }, say)
  } catch (error) {
    if (!(error instanceof NotMeasured)) throw error
    console.log(`\ngoal ${name}: not measured: ${error.message}`)
    return { notMeasured: error.message }
  }
}

/** @param {BenchOptions} options */
const runAll = async (options) => {
  const around = surroundings()
  /** @type {Record<string, unknown>} */
  const results = {}
  for (const name of options.only) results[name] = await runGoal(name, options)
  console.log(`\n${around.machine}\nload before: ${around.load.join(' ')}; commit ${around.commit}; ${around.command}`)
  if (options.json !== null) await writeFile(options.json, `${JSON.stringify({ ...around, options, ...results }, null, 2)}\n`)
}

const optionsOrNull = () => {
  try {
    const peers = Object.fromEntries(Object.entries(goals).map(([name, goal]) => [name, goal.peers]))
    return parseOptions(process.argv.slice(2), peers, onDemand)
  } catch (error) {
    console.error(`bench: ${error instanceof Error ? error.message : String(error)}\n${usage}`)
    process.exitCode = 2
    return null
  }
}

const options = optionsOrNull()
if (options !== null) {
  try {
    await runAll(options)
  } catch (error) {
    console.error(error)
    process.exitCode = 1
  }
}
