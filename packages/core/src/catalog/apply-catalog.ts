import { TesseraError } from '@tessera/protocol'
import type { Ports } from '../ports/index.ts'
import type { StoredPackage } from '../ports/package-store.ts'

/** At publish, a `catalog.json` that says something new becomes the next revision of the structure (4d.md CAT-02). */
export const applyCatalog = async (ports: Pick<Ports, 'bus' | 'catalog'>, stored: StoredPackage): Promise<void> => {
  const structure = stored.facts.catalog
  if (structure === null) return
  const { revision, ...present } = await ports.catalog.read()
  if (JSON.stringify(canonical(present)) === JSON.stringify(canonical(structure))) return
  const next = await ports.catalog.replace(revision, structure)
  if (next === null) throw new TesseraError('ILLEGAL_STATE', 'The catalog was changed by somebody else while the project was published.')
  ports.bus.emit({ name: 'catalog.changed', revision: next })
}

/** Members in one order and without those that say nothing, so that equal structures compare equal. */
const canonical = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(canonical)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).filter(([, member]) => member !== undefined && member !== false)
  return Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, member]) => [key, canonical(member)]))
}
