import type { CatalogStore } from '@tessera/core'
import { refuseDanglingReferences } from '@tessera/core/memory'
import { readStructure, type Structure, writeStructure } from './catalog-structure.ts'
import type { Database } from './client.ts'

const revisionRow = 1

export const createCatalogStore = (database: Database): CatalogStore => ({
  read: () =>
    database.transaction(async (step) => {
      const { revision } = await step.catalogRevision.findUniqueOrThrow({ where: { id: revisionRow } })
      return { revision, ...(await readStructure(step)) }
    }),

  async replace(expected: number, structure: Structure) {
    refuseDanglingReferences(structure)
    return database.transaction(async (step) => {
      const { count } = await step.catalogRevision.updateMany({ where: { id: revisionRow, revision: expected }, data: { revision: expected + 1 } })
      if (count === 0) return null
      await writeStructure(step, structure)
      return expected + 1
    })
  },
})
