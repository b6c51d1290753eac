import type { CatalogRow } from '@tessera/protocol'
import { describe, expect, test } from 'vitest'
import type { CatalogStore } from '../ports/catalog-store.ts'
import { type MakeStore, withStore } from './with-store.ts'

type Structure = Omit<CatalogRow, 'revision'>
const empty: Structure = { tables: [], relations: [], indexes: [] }

/** Every kind of thing, in an order that is neither that of names nor that of numbers. */
const invoices: Structure = {
  tables: [
    {
      name: 'INVOICE',
      number: 7,
      primaryKey: ['Year', 'Number'],
      fields: [
        { name: 'Year', number: 2, type: 'int16', notNull: true },
        { name: 'Number', number: 1, type: 'int32', notNull: true, autoIncrement: true, unique: false },
        { name: 'Client', number: 9, type: 'uuid' },
        { name: 'Remark', number: 3, type: 'string', length: 80, notNull: false },
      ],
    },
    {
      name: 'CLIENT',
      number: 2,
      primaryKey: ['ID'],
      fields: [
        { name: 'ID', number: 1, type: 'uuid', notNull: true, unique: true, autoUuid: true },
        { name: 'Größe 日本', number: 2, type: 'real', autoIncrement: false, autoUuid: false },
        { name: 'Photo', number: 4, type: 'picture' },
      ],
    },
    { name: 'Nothing', number: 1, primaryKey: [], fields: [] },
  ],
  relations: [
    { name: 'invoiceClient', from: { table: 'INVOICE', field: 'Client' }, to: { table: 'CLIENT', field: 'ID' }, onDelete: 'reject' },
    { name: 'again', from: { table: 'CLIENT', field: 'ID' }, to: { table: 'CLIENT', field: 'ID' }, onDelete: 'none' },
    { name: 'again', from: { table: 'INVOICE', field: 'Client' }, to: { table: 'CLIENT', field: 'ID' }, onDelete: 'delete' },
  ],
  indexes: [
    { name: 'by remark', table: 'INVOICE', fields: ['Remark', 'Year'], unique: false },
    { name: 'by client', table: 'CLIENT', fields: ['ID'], unique: true },
  ],
}

export const catalogStoreContract = (name: string, make: MakeStore<CatalogStore>): void => {
  describe(`catalog store: ${name}`, () => {
    wholeContract(make)
    revisionContract(make)
    brokenContract(make)
  })
}

const wholeContract = (make: MakeStore<CatalogStore>): void => {
  test('C1 a structure begins empty at revision 0, and is read back as it was given, order included', () =>
    withStore(make, async (catalog) => {
      expect(await catalog.read()).toEqual({ revision: 0, ...empty })
      expect(await catalog.replace(0, invoices)).toBe(1)
      expect(await catalog.read()).toStrictEqual({ revision: 1, ...invoices })
    }))

  test('C1 the next structure replaces all of the one before', () =>
    withStore(make, async (catalog) => {
      await catalog.replace(0, invoices)
      const other: Structure = { ...empty, tables: [{ name: 'CLIENT', number: 1, primaryKey: [], fields: [{ name: 'Name', number: 1, type: 'text' }] }] }
      expect(await catalog.replace(1, other)).toBe(2)
      expect(await catalog.read()).toStrictEqual({ revision: 2, ...other })
      expect(await catalog.replace(2, empty)).toBe(3)
      expect(await catalog.read()).toStrictEqual({ revision: 3, ...empty })
    }))

  test('C1 a structure of 140 tables and 4,875 fields is kept like a small one', () =>
    withStore(make, async (catalog) => {
      const large = largeStructure()
      expect(await catalog.replace(0, large)).toBe(1)
      expect(await catalog.read()).toStrictEqual({ revision: 1, ...large })
    }))
}

const revisionContract = (make: MakeStore<CatalogStore>): void => {
  test('C2 an outdated or future revision changes nothing', () =>
    withStore(make, async (catalog) => {
      await catalog.replace(0, empty)
      await catalog.replace(1, invoices)
      for (const revision of [0, 1, 3, -1]) expect(await catalog.replace(revision, empty)).toBeNull()
      expect(await catalog.read()).toStrictEqual({ revision: 2, ...invoices })
    }))

  test('C2 of many who replace one revision at once, one succeeds, and its structure is the one kept', () =>
    withStore(make, async (catalog) => {
      const structures = Array.from(
        { length: 8 },
        (_, number): Structure => ({ ...empty, tables: [{ name: `T${number}`, number, primaryKey: [], fields: [] }] }),
      )
      const answers = await Promise.all(structures.map((structure) => catalog.replace(0, structure)))
      expect(answers.filter((revision) => revision !== null)).toEqual([1])
      expect(await catalog.read()).toStrictEqual({ revision: 1, ...structures[answers.indexOf(1)] })
    }))
}

const brokenContract = (make: MakeStore<CatalogStore>): void => {
  test('C1 a structure with a name that leads nowhere, or stands twice, is refused whole', () =>
    withStore(make, async (catalog) => {
      await catalog.replace(0, invoices)
      const [invoice, client] = invoices.tables
      const [year] = invoice?.fields ?? []
      if (invoice === undefined || client === undefined || year === undefined) throw new Error('The example has lost its tables.')
      const nowhere = { table: 'CLIENT', field: 'Nowhere' }
      const broken: Structure[] = [
        { ...invoices, tables: [...invoices.tables, client] },
        { ...invoices, tables: [{ ...invoice, fields: [...invoice.fields, year] }, client] },
        { ...invoices, tables: [{ ...invoice, primaryKey: ['Nowhere'] }, client] },
        { ...invoices, relations: [{ name: 'x', from: nowhere, to: { table: 'CLIENT', field: 'ID' }, onDelete: 'none' }] },
        { ...invoices, relations: [{ name: 'x', from: { table: 'CLIENT', field: 'ID' }, to: nowhere, onDelete: 'none' }] },
        { ...invoices, indexes: [{ name: 'x', table: 'CLIENT', fields: ['Nowhere'], unique: false }] },
        { ...invoices, indexes: [{ name: 'x', table: 'Nowhere', fields: [], unique: false }] },
      ]
      for (const structure of broken) await expect(catalog.replace(1, structure)).rejects.toMatchObject({ code: 'CATALOG_INVALID' })
      expect(await catalog.read()).toStrictEqual({ revision: 1, ...invoices })
    }))
}

/** As large as real ones get: 140 tables, 4,875 fields. */
export const largeStructure = (): Structure => {
  const tables = Array.from({ length: 140 }, (_, table) => ({
    name: `Table ${table}`,
    number: table + 1,
    primaryKey: ['Field 0'],
    // 115 tables of 35 fields and 25 of 34: 4,875 in all.
    fields: Array.from({ length: table < 115 ? 35 : 34 }, (_, field) => ({ name: `Field ${field}`, number: field + 1, type: 'string' as const, length: 80 })),
  }))
  return {
    tables,
    relations: tables.slice(1).map((table) => ({
      name: `to ${table.name}`,
      from: { table: table.name, field: 'Field 1' },
      to: { table: 'Table 0', field: 'Field 0' },
      onDelete: 'none',
    })),
    indexes: tables.map((table) => ({ name: `of ${table.name}`, table: table.name, fields: ['Field 2', 'Field 1'], unique: false })),
  }
}
