import { spawn } from 'node:child_process'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { scratchFolder } from '../test/scratch-database.ts'
import { createAuditLog } from './audit-log.ts'
import { openDatabase } from './client.ts'
import { createCredentialStore } from './credential-store.ts'
import { createDirectoryStore } from './directory-store.ts'

const writer = fileURLToPath(new URL('../test/endless-writer.mjs', import.meta.url))

/** Lets the writer go on until it has said that `enough` rounds are kept, and kills it in the middle of the next ones. */
const writeUntilKilled = async (file: string, enough: number): Promise<number> => {
  const child = spawn(process.execPath, [writer, file], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)))
  let acknowledged = 0
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged = Number(line)
    if (acknowledged === enough) child.kill('SIGKILL')
  }
  expect(await ended).toBe('SIGKILL')
  return acknowledged
}

test('M4 every write that was acknowledged is there after kill -9, again and again', async () => {
  const { folder, remove } = await scratchFolder()
  const file = path.join(folder, 'tessera.db')
  let rounds = 0
  for (const enough of [1, 6, 11]) rounds += await writeUntilKilled(file, enough)
  const database = await openDatabase({ file })
  const entries = await createAuditLog(database).list({ limit: 10_000, before: null })
  expect(entries.length).toBeGreaterThanOrEqual(rounds)
  expect(entries.map(({ number }) => number)).toEqual(entries.map((_, index) => entries.length - index))
  const links = await createCredentialStore(database).list('link')
  const users = await createDirectoryStore(database).users()
  // A round may be cut short after any of its writes, once for each of the three kills.
  for (const { length } of [links, users.slice(2)]) expect(Math.abs(length - entries.length)).toBeLessThanOrEqual(3)
  expect(Math.min(links.length, users.length - 2)).toBeGreaterThanOrEqual(rounds)
  await database.close()
  await remove()
}, 60_000)
