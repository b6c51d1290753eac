import type { AuditLog } from './audit-log.ts'
import type { CatalogStore } from './catalog-store.ts'
import type { Clock } from './clock.ts'
import type { ConnectionIndex } from './connection-index.ts'
import type { CredentialStore } from './credential-store.ts'
import type { DirectoryStore } from './directory-store.ts'
import type { EventBus } from './event-bus.ts'
import type { IdSource } from './id-source.ts'
import type { IsolateHost } from './isolate-host.ts'
import type { Logger } from './logger.ts'
import type { PackageStore } from './package-store.ts'
import type { ProjectSource } from './project-source.ts'
import type { SecretHasher } from './secret-hasher.ts'
import type { SessionJournal } from './session-journal.ts'
import type { SettingsStore } from './settings-store.ts'
import type { Timetable } from './timetable.ts'
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
  journal: SessionJournal
  connections: ConnectionIndex
  timetable: Timetable
}

export interface EngineOptions {
  /** Version of the product, for people. */
  productVersion: string
  protocolVersion: number
  machineName: string
  /** Most counted sessions at once; null: what was set at run time and kept, else no limit. */
  maxClients: number | null
  /** How long an unreachable session waits for its client, after a restart too (4d.md SLP-11). */
  graceSeconds: number
  /** How long a session whose machine sleeps waits (4d.md SLP-03). */
  sleepSeconds: number
  /** A client that agrees to it is postponed after so many quiet seconds; 0: never (4d.md SES-51). */
  postponeAfterSeconds: number
  /** How long a postponed session waits for its client's next request. */
  postponedSeconds: number
  /** How often registry, connections, twins and licences are compared. */
  checkSeconds: number
  /** Most web sessions of visitors who are nobody yet. */
  maxWebGuests: number
  storageQuotaBytes: number
  payloadBytes: number
  /** Registers each client for orders as it connects, under the name of its machine or its user (4d.md PRC-30); null: only who asks for it. */
  registerClients?: 'machine' | 'user' | null
  /** The project runs alone: no client is let in, no server method of the project's life runs. */
  standalone: boolean
}
