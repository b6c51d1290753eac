import { expect, test } from 'vitest'
import { checkCatalog, parseCatalog } from '../src/folder/catalog-file.ts'

const sound = {
  tables: [
    {
      name: 'Customers',
      number: 1,
      fields: [
        { name: 'id', number: 1, type: 'int32', unique: true, autoIncrement: true },
        { name: 'name', number: 2, type: 'string', length: 80, notNull: true },
      ],
      primaryKey: ['id'],
    },
    {
      name: 'Orders',
      number: 2,
      fields: [
        { name: 'customer', number: 1, type: 'int32' },
        { name: 'key', number: 2, type: 'uuid', autoUuid: true },
      ],
      primaryKey: ['KEY'],
    },
  ],
  relations: [{ name: 'orders', from: { table: 'Orders', field: 'customer' }, to: { table: 'customers', field: 'ID' }, onDelete: 'reject' }],
  indexes: [{ name: 'byName', table: 'Customers', fields: ['name'], unique: false }],
}

/** The sound catalog with one value set at a path. */
const changed = (path: readonly (string | number)[], value: unknown): string => {
  const catalog: unknown = structuredClone(sound)
  let at = catalog
  for (const step of path.slice(0, -1)) at = Reflect.get(Object(at), step)
  Reflect.set(Object(at), path.at(-1) ?? '', value)
  return JSON.stringify(catalog, null, 2)
}

test('J11 a sound catalog is read as it is, names taken whatever their case', () => {
  expect(parseCatalog(JSON.stringify(sound))).toEqual(sound)
  expect(parseCatalog('\ufeff{ "revision": 7, "tables": [] }')).toEqual({ tables: [], relations: [], indexes: [] })
})

test.each<[string, readonly (string | number)[], unknown, string]>([
  ['a table name twice', ['tables', 1, 'name'], 'CUSTOMERS', 'the table name CUSTOMERS is given twice'],
  ['a table number twice', ['tables', 1, 'number'], 1, 'the table number 1 is given twice'],
  ['a field name twice', ['tables', 0, 'fields', 1, 'name'], 'ID', 'the field name of Customers ID is given twice'],
  ['a field number twice', ['tables', 0, 'fields', 1, 'number'], 1, 'the field number of Customers 1 is given twice'],
  ['a type that is none', ['tables', 0, 'fields', 1, 'type'], 'varchar', 'tables[0].fields[1].type'],
  ['a key on a missing field', ['tables', 0, 'primaryKey', 0], 'nope', 'the table Customers has no field nope'],
  ['a length of a number', ['tables', 0, 'fields', 0, 'length'], 5, 'only a string has'],
  ['a text that counts', ['tables', 0, 'fields', 1, 'autoIncrement'], true, 'only an integer can'],
  ['a number with a UUID', ['tables', 0, 'fields', 0, 'autoUuid'], true, 'only a uuid can'],
  ['a relation from a missing table', ['relations', 0, 'from', 'table'], 'Nope', 'there is no table Nope'],
  ['a relation to a missing field', ['relations', 0, 'to', 'field'], 'nope', 'the table Customers has no field nope'],
  ['an index on a missing table', ['indexes', 0, 'table'], 'Nope', 'there is no table Nope'],
  ['an index on a missing field', ['indexes', 0, 'fields', 0], 'nope', 'the table Customers has no field nope'],
  ['an index on nothing', ['indexes', 0, 'fields'], [], 'indexes[0].fields'],
  ['a member nobody knows', ['tables', 0, 'colour'], 'red', 'tables[0] has no member "colour"'],
])('J11 %s is refused with its line', (_what, path, value, message) => {
  const text = changed(path, value)
  const { catalog, problems } = checkCatalog(text)
  expect(catalog).toBeNull()
  expect(problems.map((problem) => problem.message).join()).toContain(message)
  const [problem] = problems
  expect(problem).toMatchObject({ file: 'catalog.json', severity: 'error', code: 'catalog-invalid' })
  const place = text.split('\n')[(problem?.line ?? 0) - 1]?.slice((problem?.column ?? 0) - 1) ?? ''
  expect(place.startsWith(JSON.stringify(value, null, 2)) || place.startsWith('"colour"')).toBe(true)
  expect(() => parseCatalog(text)).toThrow(expect.objectContaining({ code: 'CATALOG_INVALID' }))
})

test('J11 every problem of a catalog is told', () => {
  const text = JSON.stringify({ ...sound, tables: [], relations: sound.relations, indexes: sound.indexes })
  expect(checkCatalog(text).problems.map(({ message }) => message)).toEqual([
    'there is no table Orders',
    'there is no table customers',
    'there is no table Customers',
  ])
  expect(checkCatalog('{ "tables": [').problems).toMatchObject([{ line: 1, column: 14, message: 'this is not JSON: it ends too early' }])
})
