import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { collectableAt, collectGarbage } from '../lib/collect-garbage.mjs'
import { noteMethods } from '../lib/fixture.mjs'
import { freePort } from '../lib/free-port.mjs'
import { memoryOfTree } from '../lib/memory-of-tree.mjs'
import { startRole } from '../lib/role.mjs'
import { standPeer, standTessera } from '../lib/stands.mjs'
import { rotated } from '../lib/stats.mjs'
import { layOutProject } from '../lib/tessera-project.mjs'

/**
 * @typedef {object} Row one peer in one round; bytes
 * @property {string} variant
 * @property {number} round
 * @property {number} sessions
 * @property {number | null} each of the server's own process, for one session, after garbage is collected; null without `/proc`
 * @property {number | null} othersEach of the isolates, for one session, as it stands
 * @property {number | null} server of the server's own process, after garbage is collected
 * @property {number | null} stood of the server's own process, as it stood before that
 * @property {number | null} others of the isolates, as they stand
 */

/** @typedef {{ rounds: number, sessions: number, peers: string[], settleMs?: number }} Options `settleMs`: how long all is quiet before memory is read */

export const peersOfP3 = ['tessera', 'socket.io', 'ws']
const noteBytes = 200
const warmUp = 100
const atOnce = 100
const quietMs = 1500
const timeoutMs = 300_000

/**
 * In each round each server starts anew, and a crowd sits idle on it.
 * @param {Options} options
 * @param {(text: string) => void} say
 * @returns {Promise<Row[]>}
 */
export const runP3 = async (options, say) => {
  const project = await layOutProject(noteMethods)
  /** @type {Row[]} */
  const rows = []
  try {
    for (let round = 0; round < options.rounds; round++) {
      say(`P3: round ${round + 1} of ${options.rounds}`)
      for (const name of rotated(options.peers, round)) rows.push({ variant: name, round, ...(await measure(name, options, project)) })
    }
    return rows
  } finally {
    await project.remove()
  }
}

/**
 * @param {string} name
 * @param {Options} options
 * @param {import('../lib/tessera-project.mjs').TesseraProject} project
 */
const measure = async (name, { sessions, settleMs = quietMs }, project) => {
  const inspect = await freePort()
  const nodeOptions = collectableAt(inspect)
  const dataDirectory = join(project.directory, 'data')
  const stand =
    name === 'tessera' ? await standTessera(project, { dataDirectory, nodeOptions }) : await standPeer(name === 'ws' ? 'ws' : 'socket.io', { nodeOptions })
  const crowd = startRole(new URL('../lib/crowd.mjs', import.meta.url))
  try {
    await stand.start()
    await enter(crowd, stand, Math.min(warmUp, sessions))
    await crowd.ask('leave', null, timeoutMs)
    const before = await settle(stand, { inspect, settleMs })
    await enter(crowd, stand, sessions)
    const after = await settle(stand, { inspect, settleMs })
    await check(crowd, stand, sessions)
    return { sessions, ...compare(before, after, sessions) }
  } finally {
    await crowd.stop()
    await stand.kill()
    await rm(dataDirectory, { recursive: true, force: true })
  }
}

/**
 * @param {import('../lib/role.mjs').Role} crowd
 * @param {import('../lib/stands.mjs').Stand} stand
 * @param {number} count
 */
const enter = async (crowd, { kind, port }, count) => {
  await crowd.ask('open', { kind, port, count, atOnce }, timeoutMs)
  if (kind === 'tessera') await crowd.ask('keep', { bytes: noteBytes, atOnce }, timeoutMs)
}

/**
 * Memory as it stands, and after the server has collected its garbage.
 * @param {import('../lib/stands.mjs').Stand} stand
 * @param {{ inspect: number, settleMs: number }} how
 */
const settle = async (stand, { inspect, settleMs }) => {
  await pause(settleMs)
  const stands = memoryOfTree(stand.pid())
  await collectGarbage(inspect)
  return { stands, collected: memoryOfTree(stand.pid()) }
}

/**
 * @param {Awaited<ReturnType<typeof settle>>} before
 * @param {Awaited<ReturnType<typeof settle>>} after
 * @param {number} sessions
 */
const compare = (before, after, sessions) => {
  if (before.stands === null || before.collected === null || after.stands === null || after.collected === null)
    return { each: null, othersEach: null, server: null, stood: null, others: null }
  return {
    each: (after.collected.server - before.collected.server) / sessions,
    othersEach: (after.stands.others - before.stands.others) / sessions,
    server: after.collected.server,
    stood: after.stands.server,
    others: after.stands.others,
  }
}

/**
 * Everybody is still there, and was not mistaken for somebody else.
 * @param {import('../lib/role.mjs').Role} crowd
 * @param {import('../lib/stands.mjs').Stand} stand
 * @param {number} sessions
 */
const check = async (crowd, { kind }, sessions) => {
  if (kind !== 'tessera') return crowd.ask('echo', null, timeoutMs)
  const indices = [0, Math.floor(sessions / 2), sessions - 1]
  const { wrong } = await crowd.ask('recall', { indices, bytes: noteBytes }, timeoutMs)
  if (wrong > 0) throw new Error(`${wrong} of ${indices.length} sessions do not hold their note.`)
}
