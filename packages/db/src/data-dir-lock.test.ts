import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { holdDataDirectory } from './data-dir-lock.ts'

const fresh = (): string => mkdtempSync(join(tmpdir(), 'tessera-lock-'))

test('M5 a data directory is held by one server at a time', () => {
  const directory = fresh()
  const release = holdDataDirectory(directory)
  expect(() => holdDataDirectory(directory)).toThrow(expect.objectContaining({ code: 'DATA_DIR_IN_USE' }))
  release()
  holdDataDirectory(directory)()
})

test('M5 a server that was killed leaves nothing that keeps the next one out', async () => {
  const directory = fresh()
  const module = new URL('../dist/data-dir-lock.js', import.meta.url).href
  const holder = spawn(process.execPath, [
    '--input-type=module',
    '-e',
    `import { holdDataDirectory } from '${module}'; holdDataDirectory(${JSON.stringify(directory)}); console.log('held'); setInterval(() => {}, 1000)`,
  ])
  await once(holder.stdout, 'data')
  expect(() => holdDataDirectory(directory)).toThrow(expect.objectContaining({ code: 'DATA_DIR_IN_USE' }))
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  holdDataDirectory(directory)()
})
