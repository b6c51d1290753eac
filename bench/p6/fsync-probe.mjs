import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { summarise } from '../lib/stats.mjs'

const times = 60

/**
 * What it costs to make 4 KiB durable where the stores keep their files, in microseconds: where it costs nothing, durability does not.
 * @param {string} directory
 */
export const probeFsync = (directory) => {
  const file = openSync(join(directory, 'fsync-probe'), 'w')
  const block = Buffer.alloc(4096)
  const taken = Array.from({ length: times }, () => {
    writeSync(file, block)
    const from = performance.now()
    fdatasyncSync(file)
    return (performance.now() - from) * 1000
  })
  closeSync(file)
  return summarise(taken)
}
