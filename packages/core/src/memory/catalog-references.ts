import { type CatalogRow, type Problem, TesseraError } from '@tessera/protocol'

type Structure = Omit<CatalogRow, 'revision'>
interface FieldName {
  table: string
  field: string
}

/**
 * Refuses a structure in which something refers to a table or field that is not there, or in which two have one name:
 * no store could give it back.
 * @throws TesseraError `CATALOG_INVALID` with every such place.
 */
export const refuseDanglingReferences = (structure: Structure): void => {
  const problems = [...repeatedNames(structure), ...danglingNames(structure)]
  const first = problems[0]
  if (first !== undefined) throw new TesseraError('CATALOG_INVALID', `The structure cannot be kept: ${first.message}`, { problems })
}

const repeatedNames = ({ tables }: Structure): Problem[] => [
  ...repeated(tables.map((table) => table.name)).map((name) => problem('repeated-table', `There are two tables "${name}".`)),
  ...tables.flatMap((table) =>
    repeated(table.fields.map((field) => field.name)).map((name) => problem('repeated-field', `The table "${table.name}" has two fields "${name}".`)),
  ),
]

const repeated = (names: readonly string[]): string[] => {
  const seen = new Set<string>()
  return names.filter((name) => seen.has(name) || !seen.add(name))
}

const danglingNames = (structure: Structure): Problem[] => {
  const fieldsOf = new Map(structure.tables.map((table) => [table.name, new Set(table.fields.map((field) => field.name))]))
  const check = (what: string, { table, field }: FieldName): Problem[] =>
    fieldsOf.get(table)?.has(field) ? [] : [problem('unknown-field', `${what} refers to "${table}.${field}", which does not exist.`)]
  return [
    ...structure.tables.flatMap((table) => table.primaryKey.flatMap((field) => check(`The primary key of "${table.name}"`, { table: table.name, field }))),
    ...structure.relations.flatMap((relation) => [relation.from, relation.to].flatMap((end) => check(`The relation "${relation.name}"`, end))),
    ...structure.indexes.flatMap((index) => {
      const what = `The index "${index.name}"`
      if (!fieldsOf.has(index.table)) return [problem('unknown-table', `${what} refers to the table "${index.table}", which does not exist.`)]
      return index.fields.flatMap((field) => check(what, { table: index.table, field }))
    }),
  ]
}

const problem = (code: string, message: string): Problem => ({ file: '', line: 1, column: 1, severity: 'error', code, message })
