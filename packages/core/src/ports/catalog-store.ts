import type { CatalogRow } from '@tessera/protocol'

/** Keeps the structure: tables, fields, relations, indexes. Only the server writes it (4d.md CAT-02). */
export interface CatalogStore {
  /** Revision 0 with nothing in it, before the first write. */
  read(): Promise<CatalogRow>
  /** Replaces the structure in one step when the revision is still `expected`; answers the new revision, or null when it is not. */
  replace(expected: number, structure: Omit<CatalogRow, 'revision'>): Promise<number | null>
}
