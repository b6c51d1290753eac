import { setImmediate as nextTurn } from 'node:timers/promises'
import { type CatalogField, type CatalogIndex, type CatalogRelation, type CatalogRow, type CatalogTable, fieldTypes } from '@tessera/protocol'
import type { CatalogField as FieldRecord, Prisma, CatalogRelation as RelationRecord } from './generated/sqlite/client.ts'
import { grouped } from './grouped.ts'
import { oneOf } from './one-of.ts'

type Step = Prisma.TransactionClient
export type Structure = Omit<CatalogRow, 'revision'>

/** All of a large structure at once would hold up this thread, and every client with it, for half a second. */
const fieldsAtOnce = 500

const inOrder = { orderBy: { position: 'asc' } } as const

export const readStructure = async (step: Step): Promise<Structure> => {
  const tables = await step.catalogTable.findMany(inOrder)
  const fields = grouped(await step.catalogField.findMany(inOrder), ({ tableName }) => tableName)
  const keyFields = grouped(await step.catalogKeyField.findMany(inOrder), ({ tableName }) => tableName)
  const relations = await step.catalogRelation.findMany(inOrder)
  const indexes = await step.catalogIndex.findMany(inOrder)
  const indexFields = grouped(await step.catalogIndexField.findMany(inOrder), ({ indexPosition }) => indexPosition)
  return {
    tables: tables.map(({ name, number }) => ({ name, number, fields: fields.of(name).map(fromField), primaryKey: keyFields.of(name).map(toFieldName) })),
    relations: relations.map(fromRelation),
    indexes: indexes.map(({ position, name, tableName, unique }) => ({
      name,
      table: tableName,
      fields: indexFields.of(position).map(toFieldName),
      unique,
    })),
  }
}

const toFieldName = ({ fieldName }: { fieldName: string }): string => fieldName

/** Puts a structure in the place of the one that is there. Its references lead somewhere already. */
export const writeStructure = async (step: Step, { tables, relations, indexes }: Structure): Promise<void> => {
  // Fields, keys, relations and indexes go with their tables.
  await step.catalogTable.deleteMany()
  await step.catalogTable.createMany({ data: tables.map(({ name, number }, position) => ({ name, number, position })) })
  const fields = tables.flatMap((table) => table.fields.map((field, position) => ({ tableName: table.name, position, ...field })))
  for (let at = 0; at < fields.length; at += fieldsAtOnce) {
    await step.catalogField.createMany({ data: fields.slice(at, at + fieldsAtOnce) })
    await nextTurn()
  }
  await step.catalogKeyField.createMany({ data: tables.flatMap(toKeyFields) })
  await step.catalogRelation.createMany({ data: relations.map(toRelation) })
  await step.catalogIndex.createMany({ data: indexes.map(({ name, table, unique }, position) => ({ position, name, tableName: table, unique })) })
  await step.catalogIndexField.createMany({ data: indexes.flatMap(toIndexFields) })
}

const toKeyFields = ({ name, primaryKey }: CatalogTable): Prisma.CatalogKeyFieldCreateManyInput[] =>
  primaryKey.map((fieldName, position) => ({ tableName: name, position, fieldName }))

const toIndexFields = ({ table, fields }: CatalogIndex, indexPosition: number): Prisma.CatalogIndexFieldCreateManyInput[] =>
  fields.map((fieldName, position) => ({ indexPosition, position, tableName: table, fieldName }))

const toRelation = ({ name, from, to, onDelete }: CatalogRelation, position: number): RelationRecord => ({
  position,
  name,
  fromTable: from.table,
  fromField: from.field,
  toTable: to.table,
  toField: to.field,
  onDelete,
})

const deleteRules = ['none', 'delete', 'reject'] as const satisfies readonly CatalogRelation['onDelete'][]

const fromRelation = (record: RelationRecord): CatalogRelation => ({
  name: record.name,
  from: { table: record.fromTable, field: record.fromField },
  to: { table: record.toTable, field: record.toField },
  onDelete: oneOf(deleteRules, record.onDelete),
})

const fromField = ({ name, number, type, length, notNull, unique, autoIncrement, autoUuid }: FieldRecord): CatalogField => ({
  name,
  number,
  type: oneOf(fieldTypes, type),
  ...(length === null ? {} : { length }),
  ...(notNull === null ? {} : { notNull }),
  ...(unique === null ? {} : { unique }),
  ...(autoIncrement === null ? {} : { autoIncrement }),
  ...(autoUuid === null ? {} : { autoUuid }),
})
