import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { protocolVersion } from '@tessera/protocol'
import { collectableAt, collectGarbage } from '../lib/collect-garbage.mjs'
import { noteMethods } from '../lib/fixture.mjs'
import { freePort } from '../lib/free-port.mjs'
import { memoryOfTree } from '../lib/memory-of-tree.mjs'
import { cpuMsOfTree } from '../lib/process-tree.mjs'
import { startRole } from '../lib/role.mjs'
import { standTessera } from '../lib/stands.mjs'
import { rotated } from '../lib/stats.mjs'
import { layOutProject } from '../lib/tessera-project.mjs'

/**
 * @typedef {object} Row one size in one round
 * @property {number} round
 * @property {number} sessions that sit idle
 * @property {number} rate calls a second
 * @property {number | null} idleCpu server CPU in milliseconds a second while nobody calls; null without `/proc`
 * @property {number | null} cpu server CPU in milliseconds for 1,000 calls, without what idle sessions cost meanwhile
 * @property {number | null} each bytes of the server's heap for one session, of those above the smallest size: resident memory of few
 * hides in pages that the process had before
 * @property {number | null} residentEach resident bytes of its own process for each of them; null without `/proc`
 * @property {number | null} othersEach of its isolates
 * @property {number | null} server resident bytes of its own process
 */

/** `seconds`: of each measurement. @typedef {{ rounds: number, sessions: number, connections: number, seconds: number, settleMs?: number }} Options */
/** @typedef {{ stand: import('../lib/stands.mjs').Stand, load: import('../lib/role.mjs').Role, inspect: number }} Side */

const smallest = 100
const noteBytes = 200
const atOnce = 100
const usualSettleMs = 1500
const warmUp = { callsOfEach: 400, seconds: 15 }
const timeoutMs = 300_000

const echo = `import { onServer } from '@tessera/kit'

export default onServer((payload: unknown) => payload)
`

/**
 * From a hundred, tenfold, up to so many.
 * @param {number} most
 */
export const sizesUpTo = (most) => {
  const sizes = []
  for (let size = Math.min(smallest, most); size < most; size *= 10) sizes.push(size)
  return [...sizes, most]
}

/**
 * In each round a server starts anew for each size, so that none is measured on the garbage of another.
 * @param {Options} options
 * @param {(text: string) => void} say
 * @returns {Promise<Row[]>}
 */
export const runP10 = async (options, say) => {
  const project = await layOutProject({ ...noteMethods, echo })
  const sizes = sizesUpTo(options.sessions)
  /** @type {Row[]} */
  const rows = []
  try {
    for (let round = 0; round < options.rounds; round++) {
      say(`P10: round ${round + 1} of ${options.rounds}`)
      for (const sessions of rotated(sizes, round)) rows.push({ round, sessions, ...(await measure(sessions, { options, project })) })
    }
    return rows
  } finally {
    await project.remove()
  }
}

/**
 * @param {number} sessions
 * @param {{ options: Options, project: import('../lib/tessera-project.mjs').TesseraProject }} run
 */
const measure = async (sessions, { options, project }) => {
  const { connections, seconds, settleMs = usualSettleMs } = options
  const inspect = await freePort()
  const dataDirectory = join(project.directory, 'data')
  const stand = await standTessera(project, { dataDirectory, nodeOptions: collectableAt(inspect) })
  const load = startRole(new URL('../p1/load.mjs', import.meta.url))
  const crowds = [crowdRole(), crowdRole()]
  try {
    await stand.start()
    await openLoad(load, stand.port, connections)
    await load.ask('run', { seconds: warmUp.seconds, depth: 1, most: warmUp.callsOfEach * connections }, timeoutMs)
    const first = Math.min(smallest, sessions)
    await enter(crowds[0], stand.port, first)
    const before = await settle(stand, { inspect, settleMs })
    await enter(crowds[1], stand.port, sessions - first)
    const after = await settle(stand, { inspect, settleMs })
    return { ...memoryOf(before, after, sessions - first), ...(await measureCalls({ stand, load, inspect }, seconds)) }
  } finally {
    await Promise.all([...crowds, load].map((role) => role.stop()))
    await stand.kill()
    await rm(dataDirectory, { recursive: true, force: true })
  }
}

const crowdRole = () => startRole(new URL('../lib/crowd.mjs', import.meta.url))

/**
 * @param {import('../lib/role.mjs').Role} load
 * @param {number} port
 * @param {number} count
 */
const openLoad = async (load, port, count) => {
  const target = { port, namespace: '/remote', auth: { protocol: protocolVersion, client: 'tessera bench' } }
  await load.ask('open', { client: 'socket.io', target, count, atOnce: 4 }, timeoutMs)
  await load.ask('check', null, timeoutMs)
}

/**
 * @param {import('../lib/role.mjs').Role | undefined} crowd
 * @param {number} port
 * @param {number} count
 */
const enter = async (crowd, port, count) => {
  if (count === 0) return
  await crowd?.ask('open', { kind: 'tessera', port, count, atOnce }, timeoutMs)
  await crowd?.ask('keep', { bytes: noteBytes, atOnce }, timeoutMs)
}

/**
 * @param {import('../lib/stands.mjs').Stand} stand
 * @param {{ inspect: number, settleMs: number }} how
 */
const settle = async (stand, { inspect, settleMs }) => {
  await pause(settleMs)
  return { heap: await collectGarbage(inspect), memory: memoryOfTree(stand.pid()) }
}

/** @typedef {{ heap: number, memory: import('../lib/memory-of-tree.mjs').MemoryOfTree | null }} Memory */

/**
 * @param {Memory} before
 * @param {Memory} after
 * @param {number} more how many sessions came meanwhile
 */
export const memoryOf = (before, after, more) => {
  const each = (/** @type {number | undefined} */ from, /** @type {number | undefined} */ to) =>
    from === undefined || to === undefined || more === 0 ? null : (to - from) / more
  return {
    each: each(before.heap, after.heap),
    residentEach: each(before.memory?.server, after.memory?.server),
    othersEach: each(before.memory?.others, after.memory?.others),
    server: after.memory?.server ?? null,
  }
}

/**
 * Idle sessions cost something by themselves, signs of life: what they use while nobody calls is not the calls'.
 * @param {Side} side
 * @param {number} seconds
 */
const measureCalls = async ({ stand, load }, seconds) => {
  const idle = await cpuOf(stand, () => pause(seconds * 1000))
  const busy = await cpuOf(stand, () => load.ask('run', { seconds, depth: 1 }, timeoutMs))
  const { calls, rate } = busy.result
  const idleCpu = idle.cpu === null ? null : idle.cpu / idle.seconds
  const cpu = busy.cpu === null || idleCpu === null ? null : ((busy.cpu - idleCpu * busy.seconds) * 1000) / calls
  return { rate: Number(rate), idleCpu, cpu }
}

/**
 * @template Result
 * @param {import('../lib/stands.mjs').Stand} stand
 * @param {() => Promise<Result>} work
 */
const cpuOf = async (stand, work) => {
  const from = performance.now()
  const before = cpuMsOfTree(stand.pid())
  const result = await work()
  const after = cpuMsOfTree(stand.pid())
  return { result, seconds: (performance.now() - from) / 1000, cpu: before === null || after === null ? null : after - before }
}
