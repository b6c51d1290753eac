import type { Problem } from '@tessera/protocol'
import type { Roles } from '../access/roles/roles.ts'
import type { StoredPackage } from './package-store.ts'

/** Gives the package of the project folder as it is now, and its roles alone. */
export interface ProjectSource {
  /**
   * Reads, checks, compiles and packs the project, and puts the package in the store. The same folder gives the same digest.
   * @throws TesseraError `PROJECT_NOT_FOUND`; `PROJECT_INVALID` with `problems` (errors; warnings are in the answer).
   */
  build(): Promise<{ package: StoredPackage; warnings: readonly Problem[] }>
  /**
   * Reads roles.json and nothing else; null where the project has none.
   * @throws TesseraError `PROJECT_NOT_FOUND`; `ROLES_INVALID` with `problems`, for one that cannot be read, too.
   */
  roles(): Promise<Roles | null>
}
