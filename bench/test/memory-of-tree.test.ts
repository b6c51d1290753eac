import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { memoryOfTree, readResident, sumMemory } from '../lib/memory-of-tree.mjs'

test('B24 the memory of a server is told apart from that of its isolates', () => {
  const processes = [
    { pid: 7, parent: 6, bytes: 100 },
    { pid: 1, parent: 0, bytes: 9000 },
    { pid: 5, parent: 1, bytes: 1 },
    { pid: 6, parent: 5, bytes: 10 },
  ]
  expect(sumMemory(processes, 5)).toEqual({ server: 1, others: 110, processes: 2 })
  expect(sumMemory(processes, 99)).toEqual({ server: 0, others: 0, processes: 0 })
})

test.skipIf(!existsSync('/proc/self/status'))('B24 resident memory is read in bytes', () => {
  expect(readResident('Name:\tnode\nVmRSS:\t    2048 kB\n')).toBe(2_097_152)
  const grown = Buffer.alloc(50 * 2 ** 20, 1)
  expect(memoryOfTree(process.pid)?.server).toBeGreaterThan(grown.length)
})
