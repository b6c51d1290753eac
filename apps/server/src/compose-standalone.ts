import { mkdtempSync, rmSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEngine, type Engine, type Logger } from '@tessera/core'
import {
  MemoryAuditLog,
  MemoryCatalogStore,
  MemoryConnectionIndex,
  MemoryCredentialStore,
  MemoryDirectoryStore,
  MemoryEventBus,
  MemorySessionJournal,
  MemorySettingsStore,
  MemoryTimetable,
  MemoryVersionLog,
} from '@tessera/core/memory'
import { createPackageStore, createProjectSource } from '@tessera/project'
import { limits, protocolVersion } from '@tessera/protocol'
import { createInlineHost } from '@tessera/runtime'
import { randomIds } from './random-ids.ts'
import { createSecretHasher } from './secret-hasher.ts'
import { systemClock } from './system-clock.ts'

/** The same engine without gateways, in this process and with nothing kept: a project that runs alone. */
export const composeStandalone = (projectDirectory: string, productVersion: string, logger: Logger): { engine: Engine; close(): Promise<void> } => {
  const directory = mkdtempSync(join(tmpdir(), 'tessera-run-'))
  const packages = createPackageStore(directory)
  const source = createProjectSource(projectDirectory, packages)
  const engine = createEngine(
    {
      clock: systemClock,
      ids: randomIds,
      hasher: createSecretHasher(),
      logger,
      bus: new MemoryEventBus(logger),
      isolates: createInlineHost({ logger }),
      packages,
      source,
      directory: new MemoryDirectoryStore(),
      catalog: new MemoryCatalogStore(),
      versionLog: new MemoryVersionLog(),
      credentials: new MemoryCredentialStore(),
      audit: new MemoryAuditLog(),
      settings: new MemorySettingsStore(),
      journal: new MemorySessionJournal(),
      connections: new MemoryConnectionIndex(),
      // A project that runs alone has no schedules.
      timetable: new MemoryTimetable(),
    },
    {
      productVersion,
      protocolVersion,
      machineName: hostname(),
      maxClients: null,
      graceSeconds: limits.graceSeconds,
      sleepSeconds: limits.sleepSeconds,
      postponeAfterSeconds: limits.postponeAfterSeconds,
      postponedSeconds: limits.postponedSeconds,
      checkSeconds: limits.checkSeconds,
      maxWebGuests: limits.webGuests,
      storageQuotaBytes: limits.storageQuotaBytes,
      payloadBytes: limits.payloadBytes,
      standalone: true,
    },
  )
  const close = async (): Promise<void> => {
    await source.close()
    rmSync(directory, { recursive: true, force: true })
  }
  return { engine, close }
}
