import { readFileSync } from 'node:fs'
import { childrenOf } from '../lib/process-tree.mjs'

/**
 * The isolates of a server, the spare one and those that still load included.
 * @param {number} server
 */
export const isolatesOf = (server) => childrenOf(server).filter((pid) => isIsolate(commandOf(pid)))

/** An isolate names itself once it has loaded. @param {string} command */
export const isIsolate = (command) => /^tessera \S+\/\d+|\/serve\.js(\s|$)/.test(command)

/** @param {number} pid */
const commandOf = (pid) => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}
