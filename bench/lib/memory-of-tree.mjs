import { readdirSync, readFileSync } from 'node:fs'
import { readStat } from './process-tree.mjs'

/**
 * @typedef {object} MemoryOfTree resident memory in bytes. Pages that several processes share count in each of them.
 * @property {number} server the process itself
 * @property {number} others its descendants together: the isolates of a Tessera server
 * @property {number} processes how many these are
 */

/**
 * @param {readonly { pid: number, parent: number, bytes: number }[]} processes
 * @param {number} root
 * @returns {MemoryOfTree}
 */
export const sumMemory = (processes, root) => {
  const server = processes.find(({ pid }) => pid === root)?.bytes ?? 0
  /** @type {Set<number>} */
  const family = new Set([root])
  for (let before = 0; before < family.size; ) {
    before = family.size
    for (const { pid, parent } of processes) if (family.has(parent)) family.add(pid)
  }
  family.delete(root)
  const others = processes.filter(({ pid }) => family.has(pid)).reduce((sum, { bytes }) => sum + bytes, 0)
  return { server, others, processes: family.size }
}

/**
 * Null where there is no `/proc`.
 * @param {number} root
 */
export const memoryOfTree = (root) => {
  try {
    return sumMemory(
      readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .flatMap(readProcess),
      root,
    )
  } catch {
    return null
  }
}

/** @param {string} pid */
const readProcess = (pid) => {
  try {
    const { parent } = readStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))
    return [{ pid: Number(pid), parent, bytes: readResident(readFileSync(`/proc/${pid}/status`, 'utf8')) }]
  } catch {
    // It ended meanwhile.
    return []
  }
}

/** @param {string} status as in `/proc/<pid>/status` */
export const readResident = (status) => Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024
