import { get } from 'node:http'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { noteMethods } from '../lib/fixture.mjs'
import { memoryOfTree } from '../lib/memory-of-tree.mjs'
import { startRole } from '../lib/role.mjs'
import { spreadOver } from '../lib/spread-over.mjs'
import { standTessera } from '../lib/stands.mjs'
import { rotated } from '../lib/stats.mjs'
import { layOutProject } from '../lib/tessera-project.mjs'

/**
 * @typedef {object} Row one start
 * @property {'empty' | 'journalled'} variant
 * @property {number} round
 * @property {number} sessions that were journalled
 * @property {number} readyMs from the start of the process to the first readiness
 * @property {number} firstMs to the first client that is in: signed in, or back
 * @property {number | null} server resident bytes of the server's own process a moment later; null without `/proc`
 * @property {number | null} others of its isolates
 * @property {number} looked sessions that were looked at
 * @property {number} back of those, how many came back
 * @property {number} wrong of those, how many did not hold what they had kept
 * @property {Record<string, number>} refused
 */

/** @typedef {Pick<import('../lib/options.mjs').BenchOptions, 'rounds' | 'sessions'>} Options */
/** @typedef {{ variant: 'empty' | 'journalled', stand: import('../lib/stands.mjs').Stand, crowd: import('../lib/role.mjs').Role }} Side */

const noteBytes = 2000
const atOnce = 200
const looked = 50
const settleMs = 1000
const timeoutMs = 300_000
const readyTimeoutMs = 120_000
const askAgainMs = 5

/**
 * The same server starts by turns on a data directory without sessions, and on one where it was killed under all of them.
 * @param {Options} options
 * @param {(text: string) => void} say
 * @returns {Promise<Row[]>}
 */
export const runP9 = async ({ rounds, sessions }, say) => {
  const project = await layOutProject(noteMethods)
  /** @type {Side[]} */
  const sides = []
  try {
    for (const variant of /** @type {const} */ (['empty', 'journalled'])) {
      say(`P9: preparing ${variant === 'empty' ? 'an empty server' : `${sessions} sessions`}`)
      const stand = await standTessera(project, { dataDirectory: join(project.directory, variant) })
      const side = { variant, stand, crowd: startRole(new URL('../lib/crowd.mjs', import.meta.url)) }
      sides.push(side)
      await prepare(side, sessions)
    }
    /** @type {Row[]} */
    const rows = []
    for (let round = 0; round < rounds; round++) {
      say(`P9: round ${round + 1} of ${rounds}`)
      for (const side of rotated(sides, round)) rows.push({ variant: side.variant, round, sessions, ...(await restart(side, sessions)) })
    }
    return rows
  } finally {
    await Promise.allSettled(sides.map(({ stand, crowd }) => Promise.all([stand.kill(), crowd.stop()])))
    await project.remove()
  }
}

/**
 * @param {Side} side
 * @param {number} sessions
 */
const prepare = async ({ variant, stand, crowd }, sessions) => {
  await stand.start()
  if (variant === 'journalled') {
    await crowd.ask('open', { kind: 'tessera', port: stand.port, count: sessions, atOnce }, timeoutMs)
    await crowd.ask('keep', { bytes: noteBytes, atOnce }, timeoutMs)
  }
  await stand.kill()
  await crowd.ask('awaitLoss', null, timeoutMs)
}

/**
 * @param {Side} side
 * @param {number} sessions
 */
const restart = async (side, sessions) => {
  const { variant, stand } = side
  const from = performance.now()
  const started = stand.start()
  // A server that cannot start says so here, and is never ready.
  await Promise.race([becomeReady(stand.port), started.then(() => becomeReady(stand.port))])
  const readyMs = performance.now() - from
  const first = await enterFirst(side)
  const firstMs = performance.now() - from
  await started
  await pause(settleMs)
  const memory = memoryOfTree(stand.pid())
  const rest = variant === 'journalled' && first.back === 1 ? await look(side, sessions) : { looked: 0, back: 0, wrong: 0 }
  await stand.kill()
  return {
    readyMs,
    firstMs,
    server: memory?.server ?? null,
    others: memory?.others ?? null,
    ...rest,
    back: first.back + rest.back,
    looked: 1 + rest.looked,
    refused: first.refused,
  }
}

/**
 * @param {Side} side
 * @returns {Promise<{ back: number, refused: Record<string, number> }>}
 */
const enterFirst = async ({ variant, stand, crowd }) => {
  if (variant === 'journalled') return crowd.ask('comeBack', { kind: 'tessera', port: stand.port, atOnce: 1, indices: [0] }, timeoutMs)
  await crowd.ask('open', { kind: 'tessera', port: stand.port, count: 1, atOnce: 1 }, timeoutMs)
  return { back: 1, refused: {} }
}

/**
 * @param {Side} side
 * @param {number} sessions
 */
const look = async ({ stand, crowd }, sessions) => {
  const others = spreadOver(sessions, looked).filter((index) => index !== 0)
  const { back } = await crowd.ask('comeBack', { kind: 'tessera', port: stand.port, atOnce, indices: others }, timeoutMs)
  const { wrong } = back < others.length ? { wrong: 0 } : await crowd.ask('recall', { indices: [0, ...others], bytes: noteBytes }, timeoutMs)
  return { looked: others.length, back, wrong }
}

/** @param {number} port */
const becomeReady = async (port) => {
  for (const until = performance.now() + readyTimeoutMs; performance.now() < until; await pause(askAgainMs)) {
    if ((await statusOf(port)) === 200) return
  }
  throw new Error(`The server was not ready in ${readyTimeoutMs} ms.`)
}

/**
 * @param {number} port
 * @returns {Promise<number | null>}
 */
const statusOf = (port) =>
  new Promise((resolve) => {
    const request = get({ port, host: '127.0.0.1', path: '/readyz', agent: false, timeout: 1000 }, (response) => {
      response.resume()
      resolve(response.statusCode ?? null)
    })
    request.on('timeout', () => request.destroy())
    request.on('error', () => resolve(null))
  })
