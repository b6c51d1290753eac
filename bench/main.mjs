import { writeFile } from 'node:fs/promises'
import { parseOptions, usage } from './lib/options.mjs'
import { surroundings } from './lib/surroundings.mjs'
import { peers } from './p1/peers.mjs'
import { goalLineOf, goalsOf, summariseP1, tableOf } from './p1/report.mjs'
import { runP1 } from './p1/run.mjs'

/** @typedef {import('./lib/options.mjs').BenchOptions} BenchOptions */

const say = (/** @type {string} */ text) => void process.stderr.write(`bench: ${text}\n`)

/** @param {BenchOptions} options */
const benchP1 = async (options) => {
  const rows = await runP1(options, say)
  const depths = options.depths.map((depth) => {
    const lines = summariseP1(rows.filter((row) => row.depth === depth))
    const goals = goalsOf(lines)
    console.log(
      `\nP1: execute on server, 200 bytes there and back, ${options.connections} connections, ${depth} ${depth === 1 ? 'call' : 'calls'} at a time on each\n`,
    )
    console.log(tableOf(lines))
    if (depth === 1 && lines.some(({ peer }) => peer === 'tessera')) console.log(`\n${goalLineOf(goals)}`)
    return { depth, lines, goals }
  })
  if (rows.some(({ cpu }) => cpu === null)) console.log('\nServer CPU cannot be measured on this system: there is no /proc.')
  return { depths, rows }
}

/** @type {Readonly<Record<string, (options: BenchOptions) => Promise<unknown>>>} */
const benches = { P1: benchP1 }

/** @param {BenchOptions} options */
const runAll = async (options) => {
  const around = surroundings()
  /** @type {Record<string, unknown>} */
  const results = {}
  for (const name of options.only) results[name] = await benches[name]?.(options)
  console.log(`\n${around.machine}\nload before: ${around.load.join(' ')}; commit ${around.commit}; ${around.command}`)
  if (options.json !== null) await writeFile(options.json, `${JSON.stringify({ ...around, options, ...results }, null, 2)}\n`)
}

const optionsOrNull = () => {
  try {
    return parseOptions(process.argv.slice(2), { benches: Object.keys(benches), peers: Object.keys(peers) })
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
