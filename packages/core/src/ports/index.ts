import type { AuditLog } from './audit-log.ts'
import type { CatalogStore } from './catalog-store.ts'
import type { Clock } from './clock.ts'
import type { CredentialStore } from './credential-store.ts'
import type { DirectoryStore } from './directory-store.ts'
import type { EventBus } from './event-bus.ts'
import type { IdSource } from './id-source.ts'
import type { IsolateHost } from './isolate-host.ts'
import type { Logger } from './logger.ts'
import type { PackageStore } from './package-store.ts'
import type { ProjectSource } from './project-source.ts'
import type { SecretHasher } from './secret-hasher.ts'
import type { SettingsStore } from './settings-store.ts'
import type { VersionLog } from './version-log.ts'

/** All that the engine needs of the world. `apps/server/src/compose.ts` chooses the adapters. */
export interface Ports {
  clock: Clock
  ids: IdSource
  hasher: SecretHasher
  logger: Logger
  bus: EventBus
  isolates: IsolateHost
  packages: PackageStore
  source: ProjectSource
  directory: DirectoryStore
  catalog: CatalogStore
  versionLog: VersionLog
  credentials: CredentialStore
  audit: AuditLog
  settings: SettingsStore
}

export interface EngineOptions {
  /** Version of the product, for people. */
  productVersion: string
  protocolVersion: number
  machineName: string
  /** Most counted sessions at once; null: no limit. */
  maxClients: number | null
  graceSeconds: number
  storageQuotaBytes: number
  payloadBytes: number
  /** The project runs alone: no client is let in, no server method of the project's life runs. */
  standalone: boolean
}
