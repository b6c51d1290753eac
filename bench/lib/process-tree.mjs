import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/**
 * @typedef {object} Stat
 * @property {number} pid
 * @property {number} parent
 * @property {number} ticks user and system time, that of ended children included
 */

/**
 * One line of `/proc/<pid>/stat`. The name, in brackets, may hold anything, brackets and blanks too.
 * @param {string} line
 * @returns {Stat}
 */
export const readStat = (line) => {
  const fields = line
    .slice(line.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  const [, parent = 0] = fields
  const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = fields.slice(11)
  return { pid: Number.parseInt(line, 10), parent, ticks: user + system + childrenUser + childrenSystem }
}

/**
 * @param {readonly Stat[]} stats
 * @param {number} root
 */
export const ticksOfTree = (stats, root) => {
  let ticks = 0
  /** @type {Set<number>} */
  let level = new Set([root])
  for (const { pid, ticks: own } of stats) if (pid === root) ticks += own
  while (level.size > 0) {
    const parents = level
    const children = stats.filter(({ parent }) => parents.has(parent))
    for (const { ticks: own } of children) ticks += own
    level = new Set(children.map(({ pid }) => pid))
  }
  return ticks
}

/**
 * CPU time that a process and all its descendants have used, in milliseconds; null where there is no `/proc`.
 * @param {number} pid
 */
export const cpuMsOfTree = (pid) => {
  const stats = allStats()
  return stats === null ? null : (ticksOfTree(stats, pid) * 1000) / ticksPerSecond()
}

/**
 * The processes that one has started and that still run; empty where there is no `/proc`.
 * @param {number} pid
 */
export const childrenOf = (pid) => (allStats() ?? []).filter(({ parent }) => parent === pid).map((child) => child.pid)

/** @returns {Stat[] | null} */
const allStats = () => {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => {
        const line = readIfThere(`/proc/${pid}/stat`)
        return line === null ? [] : [readStat(line)]
      })
  } catch {
    return null
  }
}

/** @param {string} file */
const readIfThere = (file) => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

/** @type {number | null} */
let ticks = null

const ticksPerSecond = () => {
  ticks ??= readTicksPerSecond()
  return ticks
}

const readTicksPerSecond = () => {
  try {
    return Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' })) || 100
  } catch {
    return 100
  }
}
