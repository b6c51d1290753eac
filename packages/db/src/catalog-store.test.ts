import { catalogStoreContract, largeStructure } from '@tessera/core/contracts'
import { expect, test } from 'vitest'
import { onScratchDatabase, withDatabase } from '../test/scratch-database.ts'
import { createCatalogStore } from './catalog-store.ts'

catalogStoreContract('SQLite', onScratchDatabase(createCatalogStore))

test('C1 a structure of 140 tables and 4,875 fields is replaced and read with less than two seconds of work', () =>
  withDatabase(async (database) => {
    const catalog = createCatalogStore(database)
    const large = largeStructure()
    await catalog.replace(0, large)
    // Work, not time: other programs on the machine are no fault of the store.
    const before = process.cpuUsage()
    expect(await catalog.replace(1, large)).toBe(2)
    expect((await catalog.read()).tables).toHaveLength(140)
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1000).toBeLessThan(2000)
  }))

test('C1 a large structure being replaced lets others have their turn meanwhile', () =>
  withDatabase(async (database) => {
    let turns = 0
    const ticking = setInterval(() => {
      turns += 1
    }, 1)
    await createCatalogStore(database).replace(0, largeStructure())
    clearInterval(ticking)
    expect(turns).toBeGreaterThanOrEqual(5)
  }))

test('C1 thousands of tables and indexes are kept', () =>
  withDatabase(async (database) => {
    const catalog = createCatalogStore(database)
    const tables = Array.from({ length: 2500 }, (_, index) => ({
      name: `Table ${index}`,
      number: index + 1,
      primaryKey: ['Key'],
      fields: [{ name: 'Key', number: 1, type: 'uuid' as const }],
    }))
    const indexes = tables.map(({ name }) => ({ name: `of ${name}`, table: name, fields: ['Key'], unique: true }))
    await catalog.replace(0, { tables, relations: [], indexes })
    expect(await catalog.read()).toEqual({ revision: 1, tables, relations: [], indexes })
    expect(await catalog.replace(1, { tables: [], relations: [], indexes: [] })).toBe(2)
  }))

test('C1 a replacement that fails half-way changes nothing, not even the revision', () =>
  withDatabase(async (database) => {
    const catalog = createCatalogStore(database)
    const small = { tables: [{ name: 'T', number: 1, primaryKey: [], fields: [] }], relations: [], indexes: [] }
    await catalog.replace(0, small)
    const allowPages = (count: number): Promise<unknown> => database.query((client) => client.$queryRawUnsafe(`PRAGMA max_page_count = ${count}`))
    await allowPages(1)
    await expect(catalog.replace(1, largeStructure())).rejects.toMatchObject({ code: 'DATABASE_ERROR' })
    expect(await catalog.read()).toEqual({ revision: 1, ...small })
    await allowPages(1_000_000)
    expect(await catalog.replace(1, largeStructure())).toBe(2)
  }))
