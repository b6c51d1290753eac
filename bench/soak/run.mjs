import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { chanceOf } from '../lib/chance.mjs'
import { memoryOfTree } from '../lib/memory-of-tree.mjs'
import { NotMeasured } from '../lib/not-measured.mjs'
import { startRole } from '../lib/role.mjs'
import { standTessera } from '../lib/stands.mjs'
import { layOutProject } from '../lib/tessera-project.mjs'
import { isolatesOf } from './isolates.mjs'

/** @typedef {import('../lib/call-book.mjs').Stretch} Stretch */
/** @typedef {{ minutes: number, callers: number, seed: number, capacitySeconds?: number }} Options */
/** Bytes, and seconds since the start. @typedef {{ at: number, server: number, others: number }} Sample */

/**
 * @typedef {object} Soaked
 * @property {number} seconds
 * @property {number} capacity calls a second that the server answered to as many as ask again at once
 * @property {number} perSecond calls that were due
 * @property {number} stretchSeconds
 * @property {Stretch[]} stretches
 * @property {Stretch} whole
 * @property {Sample[]} samples
 * @property {{ at: number, pid: number }[]} killed
 * @property {number} lost connections
 * @property {number} loadLate milliseconds
 */

const echo = `import { onServer } from '@tessera/kit'

export default onServer((payload: unknown) => payload)
`
const killEverySeconds = 5
const sampleMs = 2000
const sayEveryMs = 60_000
const usualCapacitySeconds = 5
/** A call that is not answered this long after the last one never will be. */
const settleMs = 30_000
const graceMs = 60_000

/**
 * At half of what the server can, an isolate of its is killed in every five seconds, at a random moment.
 * @param {Options} options
 * @param {(text: string) => void} say
 * @returns {Promise<Soaked>}
 */
export const runSoak = async (options, say) => {
  if (memoryOfTree(process.pid) === null) throw new NotMeasured('there is no /proc here, by which isolates are found and memory is read')
  const project = await layOutProject({ echo })
  const stand = await standTessera(project, { dataDirectory: join(project.directory, 'data') })
  const load = startRole(new URL('./load.mjs', import.meta.url))
  try {
    await stand.start()
    return await soak(options, { stand, load, say })
  } finally {
    await load.stop()
    await stand.kill()
    await project.remove()
  }
}

/**
 * @param {Options} options
 * @param {{ stand: import('../lib/stands.mjs').Stand, load: import('../lib/role.mjs').Role, say: (text: string) => void }} parts
 * @returns {Promise<Soaked>}
 */
const soak = async ({ minutes, callers, seed, capacitySeconds = usualCapacitySeconds }, { stand, load, say }) => {
  await load.ask('open', { port: stand.port, count: callers }, graceMs)
  // The first measures compilers.
  await load.ask('capacity', { seconds: capacitySeconds }, graceMs)
  const capacity = await load.ask('capacity', { seconds: capacitySeconds }, graceMs)
  const seconds = minutes * 60
  const perSecond = Math.max(1, Math.floor(capacity / 2))
  say(`soak: ${Math.round(capacity)} calls a second at most; ${perSecond} from now on, for ${minutes} minutes, seed ${seed}`)
  const over = new AbortController()
  const watching = Promise.all([
    killIsolates(stand.pid(), { seconds, chance: chanceOf(seed), signal: over.signal }),
    sampleMemory(stand.pid(), over.signal),
    report({ load, perSecond, say }, over.signal),
  ])
  const { latest } = await load.ask('callFor', { seconds, perSecond }, seconds * 1000 + graceMs).finally(() => over.abort())
  const [killed, samples] = await watching
  const stretchSeconds = lengthOfStretch(seconds)
  const stretches = Array.from({ length: Math.ceil(seconds / stretchSeconds) }, (_, place) => ({
    from: Math.round(place * stretchSeconds * perSecond),
    to: Math.min(Math.round((place + 1) * stretchSeconds * perSecond), Math.round(seconds * perSecond)),
  }))
  const settled = await load.ask('settle', { mostMs: settleMs, stretches }, settleMs + graceMs)
  return { seconds, capacity, perSecond, stretchSeconds, samples, killed, loadLate: latest, ...settled }
}

/** A minute, or a twentieth of what is shorter. @param {number} seconds */
export const lengthOfStretch = (seconds) => Math.min(60, Math.max(1, seconds / 20))

/**
 * When isolates are killed: once in each period, somewhere in it.
 * @param {number} seconds
 * @param {() => number} chance
 */
export const momentsOf = (seconds, chance) =>
  Array.from({ length: Math.floor(seconds / killEverySeconds) }, (_, period) => (period + chance()) * killEverySeconds)

/**
 * @param {number} server
 * @param {{ seconds: number, chance: () => number, signal: AbortSignal }} plan
 */
const killIsolates = async (server, { seconds, chance, signal }) => {
  const from = performance.now()
  /** @type {{ at: number, pid: number }[]} */
  const killed = []
  for (const moment of momentsOf(seconds, chance)) {
    if (!(await sleep(from + moment * 1000 - performance.now(), signal))) break
    const isolates = isolatesOf(server)
    const pid = isolates[Math.floor(chance() * isolates.length)]
    if (pid === undefined) continue
    process.kill(pid, 'SIGKILL')
    killed.push({ at: moment, pid })
  }
  return killed
}

/**
 * @param {number} server
 * @param {AbortSignal} signal
 */
const sampleMemory = async (server, signal) => {
  const from = performance.now()
  /** @type {Sample[]} */
  const samples = []
  do {
    const memory = memoryOfTree(server)
    if (memory !== null) samples.push({ at: (performance.now() - from) / 1000, server: memory.server, others: memory.others })
  } while (await sleep(sampleMs, signal))
  return samples
}

/**
 * @param {{ load: import('../lib/role.mjs').Role, perSecond: number, say: (text: string) => void }} parts
 * @param {AbortSignal} signal
 */
const report = async ({ load, perSecond, say }, signal) => {
  while (await sleep(sayEveryMs, signal)) {
    const { calls, answered, failed, codes, p99 } = /** @type {Stretch} */ (await load.ask('look', { last: perSecond * 60 }, graceMs))
    say(`soak: of the last ${calls} calls ${answered} answered, ${failed} failed ${JSON.stringify(codes)}, p99 ${p99?.toFixed(1) ?? 'never'} ms`)
  }
}

/**
 * @param {number} milliseconds
 * @param {AbortSignal} signal
 * @returns {Promise<boolean>} false where it was over before
 */
const sleep = (milliseconds, signal) => pause(Math.max(0, milliseconds), true, { signal }).catch(() => false)
