import type { Role } from '@tessera/protocol'
import type { Introduction, Output } from '../commands.ts'
import { createEngine, type Engine } from '../engine.ts'
import type { DomainEvent, EventName, EventOf } from '../events.ts'
import { MemoryAuditLog } from '../memory/memory-audit-log.ts'
import { MemoryCatalogStore } from '../memory/memory-catalog-store.ts'
import { MemoryConnectionIndex } from '../memory/memory-connection-index.ts'
import { MemoryCredentialStore } from '../memory/memory-credential-store.ts'
import { MemoryDirectoryStore } from '../memory/memory-directory-store.ts'
import { MemoryEventBus } from '../memory/memory-event-bus.ts'
import { MemoryPackageStore } from '../memory/memory-package-store.ts'
import { MemoryProjectSource } from '../memory/memory-project-source.ts'
import { MemorySettingsStore } from '../memory/memory-settings-store.ts'
import { MemoryTimetable } from '../memory/memory-timetable.ts'
import { MemoryVersionLog } from '../memory/memory-version-log.ts'
import type { EngineOptions, Ports } from '../ports/index.ts'
import { HeldJournal } from './held-journal.ts'
import { PlainHasher } from './plain-hasher.ts'
import { RecordingLogger } from './recording-logger.ts'
import { ScriptedIsolateHost } from './scripted-isolate-host.ts'
import { SeededIds } from './seeded-ids.ts'
import { settle } from './settle.ts'
import { TestClient } from './test-client.ts'
import { TestClock } from './test-clock.ts'
import { TestOperator } from './test-operator.ts'
import { rolesOf, TestPacker, type TestProject } from './test-project.ts'

export interface TestEngineOptions extends Partial<EngineOptions> {
  /** What lies in the project folder at first. */
  project?: TestProject
  /** Ports to use in place of those in memory. */
  ports?: Partial<Ports>
  seed?: number
  journal?: HeldJournal
  /** The one that was killed: its folder, its stores and the time go on. */
  after?: TestEngine
}

const usual: EngineOptions = {
  productVersion: '0.1.0-test',
  protocolVersion: 2,
  machineName: 'test-machine',
  maxClients: null,
  graceSeconds: 900,
  sleepSeconds: 172_800,
  postponeAfterSeconds: 20,
  postponedSeconds: 28_800,
  checkSeconds: 0,
  maxWebGuests: 1000,
  storageQuotaBytes: 1_048_576,
  payloadBytes: 1_048_576,
  standalone: false,
}

/** An engine wired in memory, under a clock of its own, whose verbs read like a story. */
export class TestEngine {
  readonly clock: TestClock
  readonly host = new ScriptedIsolateHost()
  readonly logger = new RecordingLogger()
  /** What survives `kill`. */
  readonly journal: HeldJournal
  /** All that was told, in order. */
  readonly events: DomainEvent[] = []
  readonly ports: Ports
  readonly engine: Engine
  readonly packer: TestPacker
  readonly packages: MemoryPackageStore
  /** Who owns the server. */
  readonly operator: TestOperator
  #project: TestProject

  readonly #options: TestEngineOptions

  constructor(given: TestEngineOptions = {}) {
    const { project = {}, ports = {}, seed = 1, journal = new HeldJournal(), after, ...options } = given
    this.#options = given
    this.#project = project
    this.journal = journal
    this.clock = new TestClock(after?.clock.now())
    this.packer = new TestPacker(this.host, after?.packer)
    this.packages = after?.packages ?? new MemoryPackageStore()
    this.ports = {
      clock: this.clock,
      ids: new SeededIds(seed),
      hasher: new PlainHasher(),
      logger: this.logger,
      bus: new MemoryEventBus(this.logger),
      isolates: this.host,
      packages: this.packages,
      source: new MemoryProjectSource(
        this.packages,
        () => this.packer.pack(this.#project),
        () => rolesOf(this.#project),
      ),
      directory: new MemoryDirectoryStore(),
      catalog: new MemoryCatalogStore(),
      versionLog: new MemoryVersionLog(),
      credentials: new MemoryCredentialStore(),
      audit: new MemoryAuditLog(),
      settings: new MemorySettingsStore(),
      journal: this.journal,
      connections: new MemoryConnectionIndex(),
      timetable: new MemoryTimetable(),
      ...ports,
    }
    this.ports.bus.onAny((event) => this.events.push(event))
    this.engine = createEngine(this.ports, { ...usual, ...options })
    this.operator = this.as('Designer', 'admin')
  }

  get reads() {
    return this.engine.reads
  }

  /** Answers the owner's token. */
  async start(): Promise<string> {
    return (await this.engine.start()).ownerToken
  }

  stop(reason = 'maintenance'): Promise<void> {
    return this.engine.stop(reason)
  }

  /** The server is killed: nothing of it happens any more. Answers the next one on the same data, not started yet. */
  kill(): TestEngine {
    this.clock.stop()
    this.host.kill()
    const { directory, catalog, versionLog, credentials, audit, settings } = this.ports
    const ports = { directory, catalog, versionLog, credentials, audit, settings }
    const seed = (this.#options.seed ?? 1) + 1
    return new TestEngine({ ...this.#options, project: this.#project, ports, seed, journal: this.journal.killed(), after: this })
  }

  /** Somebody saves the project folder; nobody hears of it yet. */
  edit(project: TestProject): void {
    this.#project = project
  }

  /** Saves the folder and publishes it. */
  publish(project: TestProject): Promise<Output<'version.reload'>> {
    this.edit(project)
    return this.operator.dispatch('version.reload', {})
  }

  async connect(user: string | null = null, introduction: Partial<Introduction> = {}): Promise<TestClient> {
    const address = introduction.address ?? '10.0.0.1'
    const whole: Introduction = {
      user,
      password: null,
      project: null,
      address,
      machineName: 'pc',
      systemUserName: 'os-user',
      hostType: 'linux',
      mayPostpone: false,
      ...introduction,
    }
    return new TestClient(this.engine, await this.engine.dispatch('session.open', { introduction: whole }, { kind: 'edge', address }))
  }

  as(name: string, role: Role): TestOperator {
    return new TestOperator(this.engine, name, role)
  }

  heard<Name extends EventName>(name: Name): EventOf<Name>[] {
    return this.events.filter((event): event is EventOf<Name> => event.name === name)
  }

  /** Lets everything that can happen without time passing happen. */
  settle(): Promise<void> {
    return settle()
  }
}

/** A server that runs, publishing that project. */
export const startTestEngine = async (options: TestEngineOptions = {}): Promise<TestEngine> => {
  const engine = new TestEngine(options)
  await engine.start()
  return engine
}
