import { cpuMsOfTree } from '../lib/process-tree.mjs'
import { startRole } from '../lib/role.mjs'
import { rotated } from '../lib/stats.mjs'
import { peers } from './peers.mjs'

/**
 * @typedef {object} Row one peer in one round
 * @property {string} variant
 * @property {number} round
 * @property {number} depth
 * @property {number} calls
 * @property {number} rate calls a second
 * @property {number | null} cpu server CPU in milliseconds for 1,000 calls; null where it cannot be measured
 * @property {number} p50 milliseconds
 * @property {number} p99
 */

/** @typedef {{ name: string, pid: number, load: import('../lib/role.mjs').Role, stop: () => Promise<void> }} Stand */

/** Until compilers have done most of their work, on however slow a machine. */
const warmUp = { callsOfEach: 400, seconds: 15 }
/** The server checks two passwords at once; more that wait only make each wait longer. */
const openAtOnce = 4
const openTimeoutMs = 60_000
const openTimeoutMsEach = 1500
const graceMs = 20_000

/**
 * All peers stand connected from the start; in each round each carries its load for a while, the others being silent.
 * @param {Pick<import('../lib/options.mjs').BenchOptions, 'rounds' | 'connections' | 'depths' | 'client'> & { peers: string[], seconds: number }} options
 * @param {(text: string) => void} say
 * @returns {Promise<Row[]>}
 */
export const runP1 = async (options, say) => {
  /** @type {Stand[]} */
  const stands = []
  /** @type {Row[]} */
  const rows = []
  try {
    for (const name of options.peers) {
      say(`starting ${name}`)
      stands.push(await openStand(name, options))
    }
    say('warming up')
    for (const { load } of stands)
      await ask(load, { seconds: warmUp.seconds, depth: Math.max(...options.depths), most: warmUp.callsOfEach * options.connections })
    for (let round = 0; round < options.rounds; round++) {
      say(`round ${round + 1} of ${options.rounds}`)
      for (const stand of rotated(stands, round)) {
        for (const depth of options.depths) rows.push(await measure(stand, { round, depth, seconds: options.seconds }))
      }
    }
    return rows
  } finally {
    await Promise.allSettled(stands.map(({ stop }) => stop()))
  }
}

/**
 * @param {string} name
 * @param {{ connections: number, client: 'library' | 'thin' }} options
 * @returns {Promise<Stand>}
 */
const openStand = async (name, { connections, client }) => {
  const peer = peers[name]
  if (peer === undefined) throw new Error(`There is no peer ${name}.`)
  const server = await peer.start()
  const load = startRole(new URL('./load.mjs', import.meta.url))
  const stop = async () => {
    await load.stop()
    await server.stop()
  }
  try {
    const module = client === 'thin' && peer.client === 'socket.io' ? 'thin-socket.io' : peer.client
    const opening = { client: module, target: server.target, count: connections, atOnce: openAtOnce }
    await load.ask('open', opening, openTimeoutMs + connections * openTimeoutMsEach)
    await load.ask('check', null, graceMs)
    return { name, pid: server.pid, load, stop }
  } catch (cause) {
    await stop()
    throw new Error(`${peer.title} does not answer as it should. ${server.output?.() ?? ''}`, { cause })
  }
}

/**
 * @param {Stand} stand
 * @param {{ round: number, depth: number, seconds: number }} step
 * @returns {Promise<Row>}
 */
const measure = async ({ name, pid, load }, { round, depth, seconds }) => {
  const before = cpuMsOfTree(pid)
  const { calls, rate, p50, p99 } = await ask(load, { seconds, depth })
  const after = cpuMsOfTree(pid)
  const cpu = before === null || after === null ? null : ((after - before) * 1000) / calls
  return { variant: name, round, depth, calls, rate, cpu, p50, p99 }
}

/**
 * @param {import('../lib/role.mjs').Role} load
 * @param {{ seconds: number, depth: number, most?: number }} step
 * @returns {Promise<{ calls: number, rate: number, p50: number, p99: number }>}
 */
const ask = (load, step) => load.ask('run', step, step.seconds * 1000 + graceMs)
