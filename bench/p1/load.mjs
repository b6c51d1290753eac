import { performance } from 'node:perf_hooks'
import { playRole } from '../lib/role.mjs'
import { quantile } from '../lib/stats.mjs'
import { checkEcho, makePayload } from './payload.mjs'

/** @typedef {{ call: (payload: unknown) => Promise<unknown>, close: () => void }} Connection */

const mostCalls = 2_000_000
/** As many may be under way when the last one is counted. */
const mostUnderWay = 1_000_000
const latencies = new Float64Array(mostCalls + mostUnderWay)

/** @type {Connection[]} */
const connections = []
let number = 0

/** @param {{ client: string, target: import('./peers.mjs').Target, count: number, atOnce: number }} options */
const open = async ({ client, target, count, atOnce }) => {
  const { connect } = await import(`./clients/${client}.mjs`)
  let left = count
  const openSome = async () => {
    while (left-- > 0) connections.push(await connect(target))
  }
  await Promise.all(Array.from({ length: atOnce }, openSome))
  return { open: connections.length }
}

/**
 * A closed loop: so many calls are under way on each connection, and the next one starts when one is answered.
 * @param {{ seconds: number, depth: number, most?: number }} options
 */
const run = async ({ seconds, depth, most = mostCalls }) => {
  const from = performance.now()
  const until = from + seconds * 1000
  let calls = 0
  const loop = async (/** @type {Connection} */ { call }) => {
    for (let at = performance.now(); at < until && calls < most; at = performance.now()) {
      const payload = makePayload(number++)
      checkEcho(payload, await call(payload))
      latencies[calls++] = performance.now() - at
    }
  }
  await Promise.all(connections.flatMap((connection) => Array.from({ length: depth }, () => loop(connection))))
  const taken = latencies.subarray(0, calls)
  return { calls, rate: (calls * 1000) / (performance.now() - from), p50: quantile(taken, 0.5), p99: quantile(taken, 0.99) }
}

/** Each connection once, compared as a whole. */
const check = async () => {
  for (const { call } of connections) {
    const payload = makePayload(number++)
    const received = JSON.stringify(await call(payload))
    if (received !== JSON.stringify(payload)) throw new Error(`${JSON.stringify(payload)} came back as ${received}`)
  }
}

const close = () => {
  for (const connection of connections.splice(0)) connection.close()
}

playRole({ open, check, run, close })
