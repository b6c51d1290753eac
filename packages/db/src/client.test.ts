import { readFile, stat, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { asOrdinaryUser } from '../test/ordinary-user.ts'
import { scratchFolder, withDatabase } from '../test/scratch-database.ts'
import { openDatabase } from './client.ts'
import { createSettingsStore } from './settings-store.ts'

const withFolder = async (run: (folder: string) => Promise<void>): Promise<void> => {
  const { folder, remove } = await scratchFolder()
  try {
    await run(folder)
  } finally {
    await remove()
  }
}

describe('M3 a database that cannot be opened', () => {
  test('M3 a folder that cannot be made is one clear error', () =>
    withFolder(async (folder) => {
      await writeFile(path.join(folder, 'taken'), '')
      for (const file of [path.join(folder, 'taken/data/tessera.db'), path.join(folder, 'taken/tessera.db'), '/proc/none/tessera.db', folder]) {
        await expect(openDatabase({ file })).rejects.toMatchObject({ code: 'DATA_DIR_UNWRITABLE', message: expect.stringContaining(file) })
      }
    }))

  test('M3 folders that are missing are made, for this user only', () =>
    withFolder(async (folder) => {
      await (await openDatabase({ file: path.join(folder, 'a/b/tessera.db') })).close()
      for (const made of ['a', 'a/b']) expect((await stat(path.join(folder, made))).mode & 0o077).toBe(0)
    }))

  test('M3 a folder or a file that this user may not write is one clear error, and stays as it was', () =>
    withFolder(async (folder) => {
      const file = path.join(folder, 'tessera.db')
      await asOrdinaryUser(folder, async ({ lock }) => {
        await lock(folder, 0o555)
        await expect(openDatabase({ file })).rejects.toMatchObject({ code: 'DATA_DIR_UNWRITABLE' })
        await lock(folder, 0o777)
        await (await openDatabase({ file })).close()
        const before = await readFile(file)
        await lock(file, 0o444)
        await expect(openDatabase({ file })).rejects.toMatchObject({ code: 'DATA_DIR_UNWRITABLE' })
        expect(await readFile(file)).toEqual(before)
      })
    }))

  test('M3 a file that is no database, or half of one, is one clear error, and stays as it was', () =>
    withFolder(async (folder) => {
      const file = path.join(folder, 'tessera.db')
      await writeFile(file, 'This is a letter to the editor. '.repeat(200))
      await expect(openDatabase({ file })).rejects.toMatchObject({ code: 'DATABASE_ERROR', message: expect.stringContaining('no database at all') })
      expect(await readFile(file, 'utf8')).toContain('letter')
      const half = path.join(folder, 'half.db')
      await (await openDatabase({ file: half })).close()
      await truncate(half, 8192)
      await expect(openDatabase({ file: half })).rejects.toMatchObject({ code: 'DATABASE_ERROR', message: expect.stringContaining('damaged') })
    }))

  test('M3 a full disk is one clear error; when there is room again, work goes on', () =>
    withDatabase(async (database) => {
      const settings = createSettingsStore(database)
      await database.query((client) => client.$queryRawUnsafe('PRAGMA max_page_count = 1'))
      const large = 'x'.repeat(2_000_000)
      await expect(settings.set('large', large)).rejects.toMatchObject({ code: 'DATABASE_ERROR', message: expect.stringContaining('is full') })
      const inStep = database.transaction((step) => step.setting.create({ data: { key: 'large', value: large } }))
      await expect(inStep).rejects.toMatchObject({ code: 'DATABASE_ERROR', message: expect.stringContaining('is full') })
      expect(await settings.get('large')).toBeNull()
      await database.query((client) => client.$queryRawUnsafe('PRAGMA max_page_count = 1000000'))
      await settings.set('large', large)
      expect(await settings.get('large')).toBe(large)
    }))
})

describe('M4 an open database', () => {
  test('M4 commits reach the disk, references are checked, and nobody else may read the file', () =>
    withDatabase(async (database, file) => {
      const pragma = (name: string): Promise<unknown> => database.query((client) => client.$queryRawUnsafe(`PRAGMA ${name}`))
      expect(await pragma('journal_mode')).toEqual([{ journal_mode: 'wal' }])
      expect(await pragma('synchronous')).toEqual([{ synchronous: 2n }])
      expect(await pragma('foreign_keys')).toEqual([{ foreign_keys: 1n }])
      for (const kept of [file, `${file}-wal`]) expect((await stat(kept)).mode & 0o077).toBe(0)
    }))

  test('M4 a write from outside is not lost with a transaction that rolls back', () =>
    withDatabase(async (database) => {
      const settings = createSettingsStore(database)
      let outside: Promise<unknown> = Promise.resolve()
      const failing = database.transaction(async (step) => {
        await step.setting.create({ data: { key: 'inside', value: '1' } })
        const many = database.query((client) => client.setting.createMany({ data: [{ key: 'many', value: '1' }] }))
        outside = Promise.all([settings.set('one', '1'), many])
        await nextTurn()
        throw new Error('changed its mind')
      })
      await expect(failing).rejects.toThrow('changed its mind')
      await outside
      expect([await settings.get('inside'), await settings.get('one'), await settings.get('many')]).toEqual([null, '1', '1'])
    }))

  test('M4 a write after a commit that failed is not lost with it', () =>
    withDatabase(async (database, file) => {
      const settings = createSettingsStore(database)
      const failing = database.transaction(async (step) => {
        await step.$executeRawUnsafe('PRAGMA defer_foreign_keys = ON')
        await step.groupUser.create({ data: { groupId: 77, userId: 77 } })
      })
      await expect(failing).rejects.toMatchObject({ code: 'DATABASE_ERROR' })
      await settings.set('after', '1')
      await database.transaction((step) => step.setting.create({ data: { key: 'later', value: '1' } }))
      await database.close()
      const again = await openDatabase({ file })
      expect(await again.query((client) => client.setting.count())).toBe(2)
      expect(await again.query((client) => client.groupUser.count())).toBe(0)
      await again.close()
    }))

  test('M4 closing waits for what is under way, and refuses what comes later', () =>
    withDatabase(async (database, file) => {
      const settings = createSettingsStore(database)
      const underWay = Array.from({ length: 20 }, (_, index) => settings.set(`key ${index}`, '1'))
      const step = database.transaction(async (inner) => {
        await nextTurn()
        await inner.setting.create({ data: { key: 'step', value: '1' } })
      })
      await database.close()
      await Promise.all([...underWay, step])
      await expect(settings.set('late', '1')).rejects.toMatchObject({ code: 'DATABASE_ERROR' })
      const again = await openDatabase({ file })
      expect(await again.query((client) => client.setting.count())).toBe(21)
      await again.close()
    }))
})
