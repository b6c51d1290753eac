import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { BegunLog, notesInFile } from './begun-log.ts'

const needLog = (directory?: string): BegunLog => {
  const log = BegunLog.open(directory)
  if (log === null) throw new Error('There are no temporary files here.')
  return log
}

test('X26 what a killed process noted is read afterwards, and no file stays behind', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tessera-begun-'))
  const log = needLog(directory)
  expect(readdirSync(directory)).toEqual([])
  const script =
    'const note = Buffer.alloc(16); note.writeDoubleLE(1, 0); note.writeDoubleLE(7, 8); require("node:fs").writeSync(3, note, 0, 16, 0); process.kill(process.pid, "SIGKILL")'
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'ignore', 'inherit', log.descriptor] })
  await new Promise((resolve) => child.once('exit', resolve))
  const begun = log.read()
  expect([6, 7, 8].map((run) => begun.mayHaveBegun(run, 0))).toEqual([false, true, false])
  log.close()
  rmSync(directory, { recursive: true })
})

test('X26 runs that begin out of order are told apart', () => {
  const log = needLog()
  expect(log.read().mayHaveBegun(1, 0)).toBe(false)
  const notes = notesInFile(log.descriptor)
  for (const run of [3, 1, 9]) notes.note(run)
  expect([1, 2, 3, 4, 9].map((run) => log.read().mayHaveBegun(run, 0))).toEqual([true, false, true, false, true])
  log.close()
  log.close()
  // Of one that cannot be read nothing is known: no run may be begun again.
  expect(log.read().mayHaveBegun(2, 3)).toBe(true)
})

test('X26 what the ring may have lost counts as begun, what was sent later does not', () => {
  const log = needLog()
  const notes = notesInFile(log.descriptor)
  for (let run = 1; run <= 5000; run++) notes.note(run)
  const begun = log.read()
  expect(begun.mayHaveBegun(10, 0)).toBe(true)
  expect(begun.mayHaveBegun(6000, 5000 - 4096 - 1)).toBe(true)
  expect(begun.mayHaveBegun(6000, 5000 - 4096)).toBe(false)
  expect(begun.mayHaveBegun(5000, 4990)).toBe(true)
  log.close()
})

test('X26 where no temporary file can be written there is no log', () => {
  expect(BegunLog.open(join(tmpdir(), 'tessera-is-not-there'))).toBeNull()
})
