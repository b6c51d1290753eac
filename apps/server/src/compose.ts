import { mkdirSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { type ConnectionIndex, createEngine, type Engine, type EngineOptions, type EventBus, type Logger, type Ports } from '@tessera/core'
import { MemoryConnectionIndex, MemoryEventBus } from '@tessera/core/memory'
import {
  createAuditLog,
  createCatalogStore,
  createCredentialStore,
  createDirectoryStore,
  createSettingsStore,
  createVersionLog,
  type DurableSessionJournal,
  discardSessions,
  openDatabase,
  openSessionJournal,
} from '@tessera/db'
import { createPackageStore, createProjectSource, createTimetable, type PackageStoreOnDisk } from '@tessera/project'
import { limits, protocolVersion } from '@tessera/protocol'
import { createIsolatePool } from '@tessera/runtime'
import type { ServerConfig } from './config.ts'
import { randomIds } from './random-ids.ts'
import { createSecretHasher } from './secret-hasher.ts'
import { systemClock } from './system-clock.ts'

export interface Composition {
  engine: Engine
  bus: EventBus
  connections: ConnectionIndex
  packages: PackageStoreOnDisk
  serverId: string
  digest(secret: string): string
  close(): Promise<void>
}

/** The embedded wiring: everything in one process but project code, everything kept in the data directory. */
export const compose = async (config: ServerConfig, productVersion: string, logger: Logger): Promise<Composition> => {
  const projectData = join(config.dataDirectory, 'project')
  mkdirSync(projectData, { recursive: true })
  const journal = await openJournal(config, logger)
  const database = await openDatabase({ file: join(config.dataDirectory, 'tessera.db') })
  const packages = createPackageStore(config.dataDirectory)
  const bus = new MemoryEventBus(logger)
  const hasher = createSecretHasher()
  const connections = new MemoryConnectionIndex()
  const source = createProjectSource(config.projectDirectory, packages)
  const ports: Ports = {
    clock: systemClock,
    ids: randomIds,
    hasher,
    logger,
    bus,
    isolates: createIsolatePool({ logger, env: { TESSERA_PROJECT_DATA: projectData }, ...(config.isolates === null ? {} : { size: config.isolates }) }),
    packages,
    source,
    directory: createDirectoryStore(database),
    catalog: createCatalogStore(database),
    versionLog: createVersionLog(database),
    credentials: createCredentialStore(database),
    audit: createAuditLog(database),
    settings: createSettingsStore(database),
    journal,
    connections,
    timetable: createTimetable(),
  }
  const engine = createEngine(ports, engineOptions(config, productVersion))
  const { serverId } = await engine.reads.identity()
  const close = async (): Promise<void> => {
    await source.close()
    await journal.close()
    await database.close()
  }
  return { engine, bus, connections, packages, serverId, digest: hasher.digest, close }
}

/** Opens no file yet: the engine loads it when it starts. */
const openJournal = async ({ dataDirectory, discardSessions: discard }: ServerConfig, logger: Logger): Promise<DurableSessionJournal> => {
  const file = join(dataDirectory, 'journal.db')
  const aside = discard ? discardSessions(file) : null
  if (aside !== null) logger.warn('The sessions were discarded; their journal was put aside.', { file: aside })
  return openSessionJournal({ file, logger })
}

const engineOptions = (config: ServerConfig, productVersion: string): EngineOptions => ({
  productVersion,
  protocolVersion,
  machineName: hostname(),
  maxClients: config.maxClients,
  graceSeconds: config.graceSeconds,
  sleepSeconds: config.sleepSeconds,
  postponeAfterSeconds: config.postponeAfterSeconds,
  postponedSeconds: config.postponedSeconds,
  checkSeconds: limits.checkSeconds,
  maxWebGuests: limits.webGuests,
  storageQuotaBytes: config.storageQuotaBytes,
  payloadBytes: config.payloadBytes,
  registerClients: config.registerClients,
  standalone: false,
})
