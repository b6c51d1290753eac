import { performance } from 'node:perf_hooks'
import { quantile } from '../lib/stats.mjs'

const mostChanges = 5_000_000
const mostLatencies = 500_000

/**
 * Where the documents of sessions are kept.
 * @typedef {object} Store
 * @property {(session: number) => Promise<void>} seed gives a session its document
 * @property {(session: number, line: number, change: number) => Promise<void>} change writes one line, and resolves when the store says that it is kept
 * @property {(session: number, line: number) => Promise<number | null>} read the number of the change that wrote a line last; null where there is none
 * @property {() => void | Promise<void>} close
 */

/** @typedef {{ changes: number, rate: number, p50: number, p99: number, acknowledged: number[][] }} Written `acknowledged`: by session and line, the last change that the store said it keeps */

/**
 * So many writers at once, each on sessions of its own, one after another, and on the lines of a session by turns.
 * @param {Store} store
 * @param {{ sessions: number, lines: number, writers: number, seconds: number, first: number }} options `first`: the number of the first change
 * @returns {Promise<Written>}
 */
export const write = async (store, { sessions, lines, writers, seconds, first }) => {
  const acknowledged = Array.from({ length: sessions }, () => /** @type {number[]} */ (new Array(lines).fill(-1)))
  const latencies = new Float64Array(mostLatencies)
  const from = performance.now()
  const until = from + seconds * 1000
  let next = first
  let changes = 0
  const work = async (/** @type {number} */ writer) => {
    const owned = Math.ceil((sessions - writer) / writers)
    for (let turn = 0; performance.now() < until && changes < mostChanges; turn++) {
      const session = writer + writers * (turn % owned)
      const line = Math.floor(turn / owned) % lines
      const change = next++
      const at = performance.now()
      await store.change(session, line, change)
      latencies[changes++ % mostLatencies] = performance.now() - at
      const own = acknowledged[session]
      if (own !== undefined) own[line] = change
    }
  }
  await Promise.all(Array.from({ length: Math.min(writers, sessions) }, (_, writer) => work(writer)))
  const taken = latencies.subarray(0, Math.min(changes, mostLatencies))
  const rate = (changes * 1000) / (performance.now() - from)
  return { changes, rate, p50: quantile(taken, 0.5), p99: quantile(taken, 0.99), acknowledged }
}

/**
 * How many of the acknowledged lines the store does not hold.
 * @param {Store} store
 * @param {number[][]} acknowledged
 */
export const countLost = async (store, acknowledged) => {
  let lost = 0
  let lines = 0
  for (const [session, changes] of acknowledged.entries()) {
    for (const [line, change] of changes.entries()) {
      if (change < 0) continue
      lines += 1
      if ((await store.read(session, line)) !== change) lost += 1
    }
  }
  return { lost, lines }
}
