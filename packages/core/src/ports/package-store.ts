import type { CatalogRow, PackageManifest } from '@tessera/protocol'
import type { Roles } from '../access/roles/roles.ts'
import type { Digest } from '../ids.ts'
import type { CallLogSettings, ProjectExecution, ScheduleFacts } from '../version/project-settings.ts'
import type { DatabaseMethodName } from './isolate-host.ts'

/** What a package holds for the server, beside its code. */
export interface ServerFacts {
  project: string
  publication: string
  databaseMethods: readonly DatabaseMethodName[]
  roles: Roles
  /** The structure that the package was built with; null where the project has no catalog.json. */
  catalog: Omit<CatalogRow, 'revision'> | null
  execution: ProjectExecution
  schedules: readonly ScheduleFacts[]
  callLog: CallLogSettings
}

/** A package that lies unpacked and verified on this machine. */
export interface StoredPackage {
  digest: Digest
  bytes: number
  manifest: PackageManifest
  facts: ServerFacts
  /** Absolute path of the unpacked, read-only server half. */
  serverDirectory: string
}

/** Keeps packages by digest. */
export interface PackageStore {
  /** Verified again at each opening. @throws TesseraError `VERSION_NOT_FOUND`, `PACKAGE_DAMAGED`. */
  open(digest: Digest): Promise<StoredPackage>
  /** Forgets a package that no version needs any more. Unknown digests are ignored. */
  remove(digest: Digest): Promise<void>
}
