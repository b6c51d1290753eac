import { mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../lib/free-port.mjs'
import { rotated } from '../lib/stats.mjs'
import { layOutProject } from '../lib/tessera-project.mjs'
import { linesIn } from './document.mjs'
import { probeFsync } from './fsync-probe.mjs'
import { hasRedis } from './redis-server.mjs'
import { StoreServer } from './store-server.mjs'
import { stores } from './stores.mjs'

/** @typedef {{ bytes: number, writers: number }} Cell */

/**
 * @typedef {object} Row one store in one round
 * @property {string} variant
 * @property {number} round
 * @property {number} bytes
 * @property {number} writers
 * @property {number} changes
 * @property {number} rate changes a second, each acknowledged
 * @property {number | null} cpu of store and server, in milliseconds for 1,000 changes; null where it cannot be measured
 * @property {number} p50 milliseconds
 * @property {number} p99
 */

/**
 * What was there after everything of the store was killed and started again.
 * @typedef {object} ReadBack
 * @property {string} variant
 * @property {number} bytes
 * @property {number} lines that were acknowledged
 * @property {number} lost of those
 * @property {number} disk bytes that its files took
 */

/** @typedef {{ rows: Row[], readBacks: ReadBack[], absent: string[], fsyncUs: import('../lib/stats.mjs').Summary }} Result */

/**
 * @typedef {object} Options
 * @property {number} rounds
 * @property {number | null} seconds of each store in each round
 * @property {string[]} peers
 * @property {readonly Cell[]} [cells]
 * @property {number} [documents]
 */

/** @typedef {Awaited<ReturnType<typeof openStand>>} Stand */

export const cellsOfP6 = [
  { bytes: 200, writers: 1 },
  { bytes: 200, writers: 64 },
  { bytes: 10_000, writers: 64 },
]
/** So long that whatever tidies up does so meanwhile. */
const secondsOf = (/** @type {string} */ name) => (name === 'tessera' ? 10 : 3)
const warmUpSeconds = 0.5
const graceMs = 120_000

/**
 * All stores stand seeded from the start; in each round each is written to for a while, the others being silent. In the end all are
 * killed, started again and asked for what they acknowledged.
 * @param {Options} options
 * @param {(text: string) => void} say
 * @returns {Promise<Result>}
 */
export const runP6 = async ({ rounds, seconds, peers, cells = cellsOfP6, documents = 500 }, say) => {
  const absent = hasRedis() ? [] : peers.filter((name) => stores[name]?.redis !== undefined)
  const project = await layOutProject({})
  /** @type {Stand[]} */
  const stands = []
  try {
    for (const bytes of new Set(cells.map((cell) => cell.bytes))) {
      say(`P6: seeding ${documents} documents of ${bytes} bytes in each store`)
      for (const name of peers) if (!absent.includes(name)) stands.push(await openStand(name, { bytes, documents, project }))
    }
    const rows = await runRounds(stands, { rounds, seconds, cells }, say)
    say('P6: killing all, and reading back')
    /** @type {ReadBack[]} */
    const readBacks = []
    for (const stand of stands) readBacks.push(await readBack(stand))
    return { rows, readBacks, absent, fsyncUs: probeFsync(project.directory) }
  } finally {
    await Promise.allSettled(stands.map(({ kill }) => kill()))
    await project.remove()
  }
}

/**
 * @param {readonly Stand[]} stands
 * @param {{ rounds: number, seconds: number | null, cells: readonly Cell[] }} options
 * @param {(text: string) => void} say
 */
const runRounds = async (stands, { rounds, seconds, cells }, say) => {
  const standing = (/** @type {Cell} */ { bytes }) => stands.filter((stand) => stand.bytes === bytes)
  say('P6: warming up')
  for (const cell of cells) for (const stand of standing(cell)) await measure(stand, { writers: cell.writers, seconds: warmUpSeconds })
  /** @type {Row[]} */
  const rows = []
  for (let round = 0; round < rounds; round++) {
    say(`P6: round ${round + 1} of ${rounds}`)
    for (const cell of cells) {
      for (const stand of rotated(standing(cell), round)) {
        const measured = await measure(stand, { writers: cell.writers, seconds: seconds ?? secondsOf(stand.name) })
        rows.push({ variant: stand.name, round, ...cell, ...measured })
      }
    }
  }
  return rows
}

/**
 * @param {string} name
 * @param {{ bytes: number, documents: number, project: import('../lib/tessera-project.mjs').TesseraProject }} options
 */
const openStand = async (name, { bytes, documents, project }) => {
  const store = stores[name]
  if (store === undefined) throw new Error(`There is no store ${name}.`)
  const directory = join(project.directory, `${name}-${bytes}`)
  mkdirSync(directory)
  const options = { bytes, sessions: documents, directory, project: project.project, port: await freePort() }
  const server = new StoreServer(store, options)
  try {
    await server.start()
    await server.ask('seed', { sessions: documents }, graceMs)
  } catch (error) {
    await server.kill()
    throw error
  }
  /** By document and line, the last change that was acknowledged. */
  const acknowledged = Array.from({ length: documents }, () => /** @type {number[]} */ (new Array(linesIn(bytes)).fill(-1)))
  return { name, bytes, documents, directory, server, acknowledged, written: { changes: 0 }, kill: () => server.kill() }
}

/**
 * @param {Stand} stand
 * @param {{ writers: number, seconds: number }} step
 */
const measure = async (stand, { writers, seconds }) => {
  const options = { sessions: stand.documents, lines: linesIn(stand.bytes), writers, seconds, first: stand.written.changes }
  const before = stand.server.cpuMs()
  /** @type {import('./writers.mjs').Written} */
  const { changes, rate, p50, p99, acknowledged } = await stand.server.ask('write', options, seconds * 1000 + graceMs)
  const after = stand.server.cpuMs()
  stand.written.changes += changes
  for (const [session, lines] of acknowledged.entries())
    for (const [line, change] of lines.entries()) if (change >= 0) remember(stand, { session, line, change })
  const cpu = before === null || after === null ? null : ((after - before) * 1000) / changes
  return { changes, rate, cpu, p50, p99 }
}

/**
 * @param {Stand} stand
 * @param {{ session: number, line: number, change: number }} what
 */
const remember = ({ acknowledged }, { session, line, change }) => {
  const lines = acknowledged[session]
  if (lines !== undefined) lines[line] = change
}

/**
 * @param {Stand} stand
 * @returns {Promise<ReadBack>}
 */
const readBack = async (stand) => {
  await stand.server.kill()
  const disk = bytesUnder(stand.directory)
  await stand.server.start()
  const { lost, lines } = await stand.server.ask('countLost', stand.acknowledged, graceMs)
  await stand.server.kill()
  return { variant: stand.name, bytes: stand.bytes, lines, lost, disk }
}

/** @param {string} directory */
const bytesUnder = (directory) =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)
