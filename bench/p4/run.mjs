import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { noteMethods } from '../lib/fixture.mjs'
import { cpuMsOfTree } from '../lib/process-tree.mjs'
import { startRole } from '../lib/role.mjs'
import { spreadOver } from '../lib/spread-over.mjs'
import { standPeer, standTessera } from '../lib/stands.mjs'
import { rotated } from '../lib/stats.mjs'
import { layOutProject } from '../lib/tessera-project.mjs'

/**
 * @typedef {object} Row one peer in one round
 * @property {string} variant
 * @property {number} round
 * @property {number} sessions
 * @property {number} startMs from the start of the new process until it lets clients in
 * @property {number} backMs from the start of the new process until everybody is back
 * @property {number} rate clients a second, from when they are let in
 * @property {number | null} cpu server CPU in milliseconds for 1,000 clients meanwhile; null where it cannot be measured
 * @property {number} back
 * @property {number} wrong sessions that came back without what they held, of those that were looked at
 * @property {Record<string, number>} refused
 */

/** @typedef {{ rounds: number, sessions: number, peers: string[] }} Options */

export const peersOfP4 = ['tessera', 'socket.io']
const noteBytes = 200
const atOnce = 200
const looked = 50
const timeoutMs = 300_000

/**
 * In each round everybody connects, the server is killed and started again, and everybody comes back.
 * @param {Options} options
 * @param {(text: string) => void} say
 * @returns {Promise<Row[]>}
 */
export const runP4 = async (options, say) => {
  const project = await layOutProject(noteMethods)
  /** @type {Row[]} */
  const rows = []
  try {
    for (let round = 0; round < options.rounds; round++) {
      say(`P4: round ${round + 1} of ${options.rounds}`)
      for (const name of rotated(options.peers, round)) {
        // Where nobody comes back once, nobody will: the next rounds would tell nothing.
        if (rows.some((row) => row.variant === name && row.back === 0)) continue
        rows.push({ variant: name, round, ...(await measure(name, options.sessions, project)) })
      }
    }
    return rows
  } finally {
    await project.remove()
  }
}

/**
 * @param {string} name
 * @param {number} sessions
 * @param {import('../lib/tessera-project.mjs').TesseraProject} project
 */
const measure = async (name, sessions, project) => {
  const dataDirectory = join(project.directory, 'data')
  const stand = name === 'tessera' ? await standTessera(project, { dataDirectory }) : await standPeer('socket.io')
  const crowd = startRole(new URL('../lib/crowd.mjs', import.meta.url))
  try {
    await stand.start()
    await crowd.ask('open', { kind: stand.kind, port: stand.port, count: sessions, atOnce }, timeoutMs)
    if (stand.kind === 'tessera') await crowd.ask('keep', { bytes: noteBytes, atOnce }, timeoutMs)
    await stand.kill()
    await crowd.ask('awaitLoss', null, timeoutMs)
    const stormed = await storm(crowd, stand, sessions)
    return { sessions, ...stormed, wrong: stormed.back === sessions ? await look(crowd, stand, sessions) : 0 }
  } finally {
    await crowd.stop()
    await stand.kill()
    await rm(dataDirectory, { recursive: true, force: true })
  }
}

/**
 * @param {import('../lib/role.mjs').Role} crowd
 * @param {import('../lib/stands.mjs').Stand} stand
 * @param {number} sessions
 */
const storm = async (crowd, stand, sessions) => {
  const from = performance.now()
  await stand.start()
  const startMs = performance.now() - from
  const before = cpuMsOfTree(stand.pid())
  const { ms, back, refused } = await crowd.ask('comeBack', { kind: stand.kind, port: stand.port, atOnce }, timeoutMs)
  const backMs = performance.now() - from
  const after = cpuMsOfTree(stand.pid())
  const cpu = before === null || after === null ? null : ((after - before) * 1000) / sessions
  return { startMs, backMs, rate: (back * 1000) / ms, cpu, back, refused }
}

/**
 * @param {import('../lib/role.mjs').Role} crowd
 * @param {import('../lib/stands.mjs').Stand} stand
 * @param {number} sessions
 * @returns {Promise<number>}
 */
const look = async (crowd, { kind }, sessions) => {
  if (kind === 'tessera') return (await crowd.ask('recall', { indices: spreadOver(sessions, looked), bytes: noteBytes }, timeoutMs)).wrong
  await crowd.ask('echo', null, timeoutMs)
  return 0
}
