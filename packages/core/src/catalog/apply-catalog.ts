import { type CatalogRow, TesseraError } from '@tessera/protocol'
import type { Ports } from '../ports/index.ts'
import type { StoredPackage } from '../ports/package-store.ts'

type CatalogPorts = Pick<Ports, 'bus' | 'catalog'>
type Structure = Omit<CatalogRow, 'revision'>

/** Takes back what was done. */
export type Undo = () => Promise<void>

const nothingToUndo: Undo = async () => undefined

/** At publish, a `catalog.json` that says something new becomes the next revision of the structure (4d.md CAT-02; SPEC C3, V10). */
export const applyCatalog = async (ports: CatalogPorts, stored: StoredPackage): Promise<Undo> => {
  const structure = stored.facts.catalog
  if (structure === null) return nothingToUndo
  const { revision, ...present } = await ports.catalog.read()
  if (JSON.stringify(canonical(present)) === JSON.stringify(canonical(structure))) return nothingToUndo
  const next = await replace(ports, revision, structure)
  return async () => {
    await replace(ports, next, present)
  }
}

const replace = async ({ bus, catalog }: CatalogPorts, revision: number, structure: Structure): Promise<number> => {
  const next = await catalog.replace(revision, structure)
  if (next === null) throw new TesseraError('ILLEGAL_STATE', 'The catalog was changed by somebody else while the project was published.')
  bus.emit({ name: 'catalog.changed', revision: next })
  return next
}

/** Members in one order and without those that say nothing, so that equal structures compare equal. */
const canonical = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(canonical)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).filter(([, member]) => member !== undefined && member !== false)
  return Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, member]) => [key, canonical(member)]))
}
