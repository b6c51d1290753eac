import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { HalfProcess } from '../src/half-process.ts'
import { half } from './client.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tessera-half-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const started = async (files: Record<string, string>): Promise<HalfProcess> => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
  const entry = fileURLToPath(new URL('../dist/client-half.js', import.meta.url))
  const process = new HalfProcess({ stdio: 'pipe', entry }, () => undefined)
  await process.load(directory, { sessionId: 'A', version: '1', userParam: '' })
  return process
}

test('onExit that takes longer than its time is ended (4d.md DBM-32)', async () => {
  const process = await started(half('export default () => 0', 'await new Promise(() => setInterval(() => 0, 1000))'))
  expect(await process.exit(300)).toBe('late')
})

test('even a client half that never yields is ended', async () => {
  const process = await started(half('export default () => { for (;;); }'))
  process.begin({ reloaded: false, handedOver: 'null' })
  expect(await process.exit(300)).toBe('late')
})

test('an error in onExit is told', async () => {
  const process = await started(half('export default () => 0', "throw new Error('cannot save')"))
  expect(await process.exit(5000)).toMatchObject({ kind: 'failed', error: { message: 'cannot save' } })
})
