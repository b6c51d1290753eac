import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { startPeer } from '../lib/peer-server.mjs'
import { childrenOf } from '../lib/process-tree.mjs'
import { startRole } from '../lib/role.mjs'
import { standTessera } from '../lib/stands.mjs'
import { rotated } from '../lib/stats.mjs'
import { layOutProject } from '../lib/tessera-project.mjs'
import { watchCulprit } from './culprit.mjs'
import { faultMethods } from './faults.mjs'

/** @typedef {import('../lib/call-book.mjs').Stretch} Stretch */

/**
 * @typedef {object} Row one peer under one fault in one round
 * @property {string} variant
 * @property {string} fault
 * @property {number} round
 * @property {Stretch} before
 * @property {Stretch} during from the fault on
 * @property {Stretch | null} after null where nobody was answered any more
 * @property {number} lost others' connections
 * @property {boolean} stopped in the end nobody was answered any more
 * @property {string} culprit what became of its call
 * @property {{ how: string, afterMs: number } | null} named what the console told of it
 * @property {number} loadLate milliseconds by which a call began too late at worst: the load's own fault
 */

/**
 * `seconds`: from the fault on.
 * @typedef {{ rounds: number, peers: string[], faults: string[], callers: number, rate: number, seconds: number, aroundSeconds?: number }} Options
 */

export const peersOfP2 = ['tessera', 'socket.io', 'colyseus', 'fastify']

const echo = `import { onServer } from '@tessera/kit'

export default onServer((payload: unknown) => payload)
`
/** Before the fault, and after the window. */
const usualAroundSeconds = 3
const warmUpSeconds = 1.5
/** As much as one isolate of Tessera has: a machine has enough for a peer to go on growing for minutes. */
const peerOptions = ['--max-old-space-size=512']
const openTimeoutMs = 60_000
const graceMs = 20_000

/**
 * Each fault has a run of its own, with a server that has just started.
 * @param {Options} options
 * @param {(text: string) => void} say
 * @returns {Promise<Row[]>}
 */
export const runP2 = async (options, say) => {
  const project = await layOutProject({ echo, ...faultMethods })
  /** @type {Row[]} */
  const rows = []
  try {
    for (let round = 0; round < options.rounds; round++) {
      for (const fault of options.faults) {
        say(`P2: round ${round + 1} of ${options.rounds}, ${fault}`)
        for (const variant of rotated(options.peers, round)) rows.push({ variant, fault, round, ...(await measure(variant, { fault, options, project })) })
      }
    }
    return rows
  } finally {
    await project.remove()
  }
}

/**
 * @param {string} name
 * @param {{ fault: string, options: Options, project: import('../lib/tessera-project.mjs').TesseraProject }} run
 */
const measure = async (name, { fault, options, project }) => {
  const dataDirectory = join(project.directory, 'data')
  const server = await startServer(name, { dataDirectory, project })
  const load = startRole(new URL('./load.mjs', import.meta.url))
  try {
    const { seconds, callers, rate, aroundSeconds = usualAroundSeconds } = options
    const perSecond = callers * rate
    const calls = Math.ceil((warmUpSeconds + 2 * aroundSeconds + seconds) * perSecond) + callers
    const { sessionId } = await load.ask('open', { kind: name, port: server.port, count: callers, calls }, openTimeoutMs)
    const callFor = phaseOf(load, perSecond)
    await callFor(Math.min(warmUpSeconds, aroundSeconds))
    const before = await callFor(aroundSeconds)
    const watch = sessionId === null ? null : watchCulprit(dataDirectory, sessionId)
    const during = await callFor(seconds, fault)
    const after = during.answers ? await callFor(aroundSeconds) : null
    const named = (await watch?.stop()) ?? null
    const phases = after === null ? [before, during] : [before, during, after]
    const settled = await load.ask('settle', { stretches: phases }, graceMs)
    return {
      ...stretchesOf(settled.stretches),
      lost: settled.lost,
      stopped: after === null,
      culprit: settled.culprit,
      named,
      loadLate: Math.max(...phases.map(({ latest }) => latest)),
    }
  } finally {
    await load.stop()
    await server.stop()
    await rm(dataDirectory, { recursive: true, force: true })
  }
}

/**
 * @param {[before: Stretch, during: Stretch, after?: Stretch]} stretches
 * @returns {{ before: Stretch, during: Stretch, after: Stretch | null }}
 */
const stretchesOf = ([before, during, after]) => ({ before, during, after: after ?? null })

/**
 * @param {import('../lib/role.mjs').Role} load
 * @param {number} perSecond
 * @returns {(seconds: number, fault?: string | null) => Promise<{ from: number, to: number, latest: number, answers: boolean }>}
 */
const phaseOf =
  (load, perSecond) =>
  (seconds, fault = null) =>
    load.ask('callFor', { seconds, perSecond, fault }, seconds * 1000 + graceMs)

/**
 * @param {string} name
 * @param {{ dataDirectory: string, project: import('../lib/tessera-project.mjs').TesseraProject }} place
 */
const startServer = async (name, { dataDirectory, project }) => {
  if (name !== 'tessera') return startPeer(`faulty/${name}`, { nodeOptions: peerOptions })
  const stand = await standTessera(project, { dataDirectory })
  await stand.start()
  const stop = async () => {
    const isolates = childrenOf(stand.pid())
    await stand.kill()
    // One that loops does not notice that its server is gone.
    for (const pid of isolates) endIfThere(pid)
  }
  return { port: stand.port, stop }
}

/** @param {number} pid */
const endIfThere = (pid) => {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended with its server.
  }
}
