import type { JsonWithPlaces } from '@tessera/core'
import { type CatalogRow, fieldTypes, type Problem, TesseraError } from '@tessera/protocol'
import { z } from 'zod'
import { parseDocument } from './parse-document.ts'

export const catalogFile = 'catalog.json'

export type Catalog = Omit<CatalogRow, 'revision'>

const name = z.string().trim().min(1).max(200)
const number = z.number().int().min(1).max(32_767)
const flag = z.boolean().exactOptional()

const field = z.strictObject({
  name,
  number,
  type: z.enum(fieldTypes),
  length: z.number().int().min(1).max(1_000_000).exactOptional(),
  notNull: flag,
  unique: flag,
  autoIncrement: flag,
  autoUuid: flag,
})
const table = z.strictObject({ name, number, fields: z.array(field).max(32_767), primaryKey: z.array(name).default([]) })
const end = z.strictObject({ table: name, field: name })
const relation = z.strictObject({ name, from: end, to: end, onDelete: z.enum(['none', 'delete', 'reject']).default('none') })
const index = z.strictObject({ name, table: name, fields: z.array(name).min(1), unique: z.boolean().default(false) })

/** `catalog.json`: what `tessera catalog export` writes. A `revision` in it belongs to the server that wrote it and is not kept. */
const catalogSchema = z.strictObject({
  $schema: z.string().optional(),
  revision: z.number().int().optional(),
  tables: z.array(table).max(32_767),
  relations: z.array(relation).default([]),
  indexes: z.array(index).default([]),
})

/** Every problem of a catalog.json; the catalog where there is none. */
export const checkCatalog = (text: string): { catalog: Catalog | null; problems: Problem[] } => {
  const { value, json, problems } = parseDocument({ file: catalogFile, text, code: 'catalog-invalid', schema: catalogSchema })
  if (value === null || json === null) return { catalog: null, problems }
  const { tables, relations, indexes } = value
  const catalog = { tables, relations, indexes }
  const found = new CatalogProblems(json)
  checkTables(catalog, found)
  checkRelations(catalog, found)
  checkIndexes(catalog, found)
  return found.problems.length === 0 ? { catalog, problems: [] } : { catalog: null, problems: found.problems }
}

/** @throws TesseraError `CATALOG_INVALID` with every problem in it. */
export const parseCatalog = (text: string): Catalog => {
  const { catalog, problems } = checkCatalog(text)
  if (catalog === null) throw new TesseraError('CATALOG_INVALID', `${catalogFile} is broken: ${problems[0]?.message ?? ''}`, { problems })
  return catalog
}

type Path = readonly PropertyKey[]

class CatalogProblems {
  readonly problems: Problem[] = []
  readonly #json: JsonWithPlaces

  constructor(json: JsonWithPlaces) {
    this.#json = json
  }

  report(path: Path, message: string): void {
    this.problems.push({ file: catalogFile, ...this.#json.placeOf(path), severity: 'error', code: 'catalog-invalid', message })
  }

  /** Names are one whatever their case. */
  unique(entries: readonly { name: string }[], path: Path, what: string): void {
    this.#once(
      entries.map((entry) => entry.name),
      (at) => [...path, at, 'name'],
      what,
    )
  }

  uniqueNumbers(entries: readonly { number: number }[], path: Path, what: string): void {
    this.#once(
      entries.map((entry) => String(entry.number)),
      (at) => [...path, at, 'number'],
      what,
    )
  }

  #once(values: readonly string[], pathOf: (at: number) => Path, what: string): void {
    const seen = new Set<string>()
    for (const [at, value] of values.entries()) {
      const key = keyOf(value)
      if (seen.has(key)) this.report(pathOf(at), `the ${what} ${value} is given twice`)
      seen.add(key)
    }
  }
}

const keyOf = (text: string): string => text.normalize('NFC').toLowerCase()
const same = (one: string, other: string): boolean => keyOf(one) === keyOf(other)

const checkTables = ({ tables }: Catalog, found: CatalogProblems): void => {
  found.unique(tables, ['tables'], 'table name')
  found.uniqueNumbers(tables, ['tables'], 'table number')
  for (const [at, table] of tables.entries()) {
    const path = ['tables', at]
    found.unique(table.fields, [...path, 'fields'], `field name of ${table.name}`)
    found.uniqueNumbers(table.fields, [...path, 'fields'], `field number of ${table.name}`)
    for (const [key, named] of table.primaryKey.entries()) needField(table, named, { path: [...path, 'primaryKey', key], found })
    for (const [index, field] of table.fields.entries()) checkField(field, [...path, 'fields', index], found)
  }
}

const integers = new Set(['int16', 'int32', 'int64'])

const checkField = (field: Catalog['tables'][number]['fields'][number], path: Path, found: CatalogProblems): void => {
  const { name, type } = field
  if (field.length !== undefined && type !== 'string') found.report([...path, 'length'], `${name} has a length, which only a string has: it is ${type}`)
  if (field.autoIncrement === true && !integers.has(type))
    found.report([...path, 'autoIncrement'], `${name} counts by itself, which only an integer can: it is ${type}`)
  if (field.autoUuid === true && type !== 'uuid') found.report([...path, 'autoUuid'], `${name} gets a UUID by itself, which only a uuid can: it is ${type}`)
}

const checkRelations = (catalog: Catalog, found: CatalogProblems): void => {
  found.unique(catalog.relations, ['relations'], 'relation name')
  for (const [at, relation] of catalog.relations.entries()) {
    for (const side of ['from', 'to'] as const) {
      const path = ['relations', at, side]
      const table = needTable(catalog, relation[side].table, { path: [...path, 'table'], found })
      if (table !== undefined) needField(table, relation[side].field, { path: [...path, 'field'], found })
    }
  }
}

const checkIndexes = (catalog: Catalog, found: CatalogProblems): void => {
  found.unique(catalog.indexes, ['indexes'], 'index name')
  for (const [at, index] of catalog.indexes.entries()) {
    const table = needTable(catalog, index.table, { path: ['indexes', at, 'table'], found })
    if (table === undefined) continue
    for (const [position, named] of index.fields.entries()) needField(table, named, { path: ['indexes', at, 'fields', position], found })
  }
}

interface Spot {
  path: Path
  found: CatalogProblems
}

const needTable = (catalog: Catalog, named: string, { path, found }: Spot): Catalog['tables'][number] | undefined => {
  const table = catalog.tables.find((each) => same(each.name, named))
  if (table === undefined) found.report(path, `there is no table ${named}`)
  return table
}

const needField = (table: Catalog['tables'][number], named: string, { path, found }: Spot): void => {
  if (!table.fields.some((each) => same(each.name, named))) found.report(path, `the table ${table.name} has no field ${named}`)
}
