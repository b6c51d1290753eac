import { spawn } from 'node:child_process'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { asDigest, asVersionId } from '@tessera/core'
import { expect, test } from 'vitest'
import { scratchFolder, withDatabase } from '../test/scratch-database.ts'
import { createAuditLog } from './audit-log.ts'
import { createCatalogStore } from './catalog-store.ts'
import { type Database, openDatabase } from './client.ts'
import { createCredentialStore } from './credential-store.ts'
import { createDirectoryStore } from './directory-store.ts'
import { createSettingsStore } from './settings-store.ts'
import { createVersionLog } from './version-log.ts'

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

test('M4 no write is acknowledged before it is committed', () =>
  withDatabase(async (database) => {
    let release = (): void => undefined
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    // While this is open, nobody else can commit.
    const holding = database.transaction(() => held)
    const acknowledged: number[] = []
    const writes = everyWrite(database).map((write, index) => write().then(() => acknowledged.push(index)))
    for (let turn = 0; turn < 20; turn += 1) await nextTurn()
    const early = [...acknowledged]
    release()
    await Promise.all([holding, ...writes])
    expect(early).toEqual([])
    expect(acknowledged).toHaveLength(writes.length)
  }))

const everyWrite = (database: Database): (() => Promise<unknown>)[] => {
  const credentials = createCredentialStore(database)
  const directory = createDirectoryStore(database)
  const versions = createVersionLog(database)
  const link = { hash: 'aa', kind: 'link', name: 'Ada', role: 'admin', createdAt: 1, expiresAt: 2, lastUsedAt: null } as const
  const entry = { at: '2026-11-22T10:00:00.000Z', who: 'Ada', role: 'admin', act: 'x', target: 'y', reason: '', ok: true, code: null } as const
  const version = { id: asVersionId('1'), digest: asDigest('ab'), state: 'ready', publishedAt: 1, publishedBy: 'start', bytes: 1 } as const
  return [
    () => createAuditLog(database).append(entry),
    () => credentials.put(link),
    () => credentials.touch('aa', 1, 2),
    () => credentials.take('aa'),
    () => credentials.remove('link', 'Ada'),
    () => credentials.sweep(3),
    () => directory.addUser({ name: 'Ada', alias: null, passwordHash: null }),
    () => directory.changeUser('Designer', { enabled: true }),
    () => directory.putGroup({ name: 'Sales', users: [], groups: [] }),
    () => directory.removeUser('Ada'),
    () => versions.append(version),
    () => versions.setStates([{ id: asVersionId('1'), state: 'current' }]),
    () => createCatalogStore(database).replace(0, { tables: [], relations: [], indexes: [] }),
    () => createSettingsStore(database).set('key', 'value'),
  ]
}
