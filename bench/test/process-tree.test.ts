import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { cpuMsOfTree, readStat, ticksOfTree } from '../lib/process-tree.mjs'

const line = (pid: number, name: string, parent: number, times: string): string =>
  `${pid} (${name}) S ${parent} 1 1 0 -1 4194560 0 0 0 0 ${times} 20 0 11 0 5 0 0`

describe('CPU of a server', () => {
  test('B21 the CPU time of a process is read whatever its name holds', () => {
    expect(readStat(line(42, 'tessera 3f9a12/1) S 9 (', 7, '100 20 3 1'))).toEqual({ pid: 42, parent: 7, ticks: 124 })
  })

  test('B21 the CPU time of a server is that of its whole process tree', () => {
    const stats = [
      line(1, 'init', 0, '1000 0 0 0'),
      line(5, 'server', 1, '1 2 0 0'),
      line(6, 'isolate', 5, '10 20 0 0'),
      line(7, 'its child', 6, '100 200 0 0'),
    ]
    expect(ticksOfTree(stats.map(readStat), 5)).toBe(333)
    expect(ticksOfTree(stats.map(readStat), 99)).toBe(0)
  })

  test.skipIf(!existsSync('/proc/self/stat'))('B21 work in a child counts while it runs', async () => {
    const before = cpuMsOfTree(process.pid) ?? Number.NaN
    const child = spawn(process.execPath, ['-e', 'const until = Date.now() + 300; while (Date.now() < until);'])
    await new Promise((resolve) => child.once('exit', resolve))
    expect((cpuMsOfTree(process.pid) ?? Number.NaN) - before).toBeGreaterThan(50)
  })
})
