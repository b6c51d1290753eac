import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { noteTaken, TakenCounter } from './taken-counter.ts'

const needCounter = (directory?: string): TakenCounter => {
  const counter = TakenCounter.open(directory)
  if (counter === null) throw new Error('There are no temporary files here.')
  return counter
}

test('X3 what a killed process noted last is read afterwards, and no file stays behind', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tessera-counter-'))
  const counter = needCounter(directory)
  expect(readdirSync(directory)).toEqual([])
  const script = 'const note = Buffer.alloc(8); note.writeDoubleLE(7); require("node:fs").writeSync(3, note, 0, 8, 0); process.kill(process.pid, "SIGKILL")'
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'ignore', 'inherit', counter.descriptor] })
  await new Promise((resolve) => child.once('exit', resolve))
  expect(counter.read()).toBe(7)
  counter.close()
  rmSync(directory, { recursive: true })
})

test('X3 a counter begins at none, and its last note counts', () => {
  const counter = needCounter()
  expect(counter.read()).toBe(0)
  noteTaken(counter.descriptor, 5)
  noteTaken(counter.descriptor, 2 ** 40)
  expect(counter.read()).toBe(2 ** 40)
  counter.close()
  counter.close()
  expect(counter.read()).toBe(0)
})

test('X3 where no temporary file can be written there is no counter', () => {
  expect(TakenCounter.open(join(tmpdir(), 'tessera-is-not-there'))).toBeNull()
})
