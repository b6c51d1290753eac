import type { CatalogRow } from '@tessera/protocol'
import type { CatalogStore } from '../ports/catalog-store.ts'
import { refuseDanglingReferences } from './catalog-references.ts'

/** A structure that lives as long as this object. */
export class MemoryCatalogStore implements CatalogStore {
  #row: CatalogRow = { revision: 0, tables: [], relations: [], indexes: [] }

  async read(): Promise<CatalogRow> {
    return copy(this.#row)
  }

  async replace(expected: number, structure: Omit<CatalogRow, 'revision'>): Promise<number | null> {
    refuseDanglingReferences(structure)
    if (this.#row.revision !== expected) return null
    this.#row = copy({ ...structure, revision: expected + 1 })
    return this.#row.revision
  }
}

/** What was handed over or given out may be changed by its holder, not here. */
const copy = (row: CatalogRow): CatalogRow => ({
  revision: row.revision,
  tables: row.tables.map((table) => ({ ...table, fields: table.fields.map((field) => ({ ...field })), primaryKey: [...table.primaryKey] })),
  relations: row.relations.map((relation) => ({ ...relation, from: { ...relation.from }, to: { ...relation.to } })),
  indexes: row.indexes.map((index) => ({ ...index, fields: [...index.fields] })),
})
