import { readFileSync } from 'node:fs'
import { NotMeasured } from './not-measured.mjs'

/** For all that is open besides the connections. */
const besides = 500

/**
 * Says what is missing where this many connections in one process are not allowed; null where they are. Node raises its own
 * limit to the hard one.
 * @param {number} connections
 * @param {string} [limits] as in `/proc/self/limits`
 */
export const shortageOfFiles = (connections, limits = readLimits()) => {
  const hard = /^Max open files\s+\S+\s+(\d+)/m.exec(limits)?.[1]
  const needed = connections + besides
  if (hard === undefined || Number(hard) >= needed) return null
  return `${connections} connections take ${needed} open files in one process, and ${hard} are allowed: raise the hard limit (ulimit -Hn), or give fewer --sessions`
}

/**
 * @param {number} connections
 * @throws NotMeasured
 */
export const needFiles = (connections) => {
  const shortage = shortageOfFiles(connections)
  if (shortage !== null) throw new NotMeasured(shortage)
}

const readLimits = () => {
  try {
    return readFileSync('/proc/self/limits', 'utf8')
  } catch {
    return ''
  }
}
