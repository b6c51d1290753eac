import { type Problem, type RejectedBuild, TesseraError } from '@tessera/protocol'
import type { RoleChanges } from '../access/role-changes.ts'
import { applyCatalog } from '../catalog/apply-catalog.ts'
import type { Digest, VersionId } from '../ids.ts'
import { OneAtATime } from '../one-at-a-time.ts'
import type { Ports } from '../ports/index.ts'
import type { Procedures } from '../session/procedures.ts'
import type { Schedules } from '../session/schedules.ts'
import type { Versions } from './versions.ts'

interface Rooms {
  versions: Versions
  roleChanges: RoleChanges
  procedures: Procedures
  schedules: Schedules
}

interface Reloaded {
  changed: boolean
  version: { id: VersionId; digest: Digest }
}

/** Turns the project folder into the current version: at start, on request, on a change (4d.md PKG-06, PKG-09, RLD-03). */
export class Publisher {
  readonly #ports: Ports
  readonly #rooms: Rooms
  readonly #builds = new OneAtATime()
  #next: Promise<Reloaded> | null = null
  #rejected: RejectedBuild | null = null
  #serverId: Promise<string> | null = null
  #state: 'starting' | 'open' | 'stopping' = 'starting'

  constructor(ports: Ports, rooms: Rooms) {
    this.#ports = ports
    this.#rooms = rooms
  }

  /** The build that could not become a version, until a later one does. */
  get rejected(): RejectedBuild | null {
    return this.#rejected
  }

  /**
   * Builds and publishes; a build that fails leaves the current version alone. One at a time: all who ask while one runs
   * share the next, which sees the folder as it is after they asked (SPEC V12).
   * @throws TesseraError `PROJECT_INVALID`, `VERSION_REJECTED` with problems, `SERVER_STARTING`, `SERVER_STOPPING`.
   */
  reload(by: string): Promise<Reloaded> {
    if (this.#state === 'starting') return Promise.reject(starting())
    this.#next ??= this.#builds.run(() => {
      this.#next = null
      return this.#reload(by)
    })
    return this.#next
  }

  /** The versions of the last run are known: from now on there is something to publish beside. */
  open(): void {
    if (this.#state === 'starting') this.#state = 'open'
  }

  /** Publishes no more; resolves when what was begun is over. */
  async stop(): Promise<void> {
    this.#state = 'stopping'
    await this.#builds.run(async () => undefined)
  }

  /** Which server this is, and what it publishes. */
  async identity(): Promise<{ serverId: string; project: string }> {
    return { serverId: await this.serverId(), project: this.#rooms.versions.current?.package.facts.publication ?? '' }
  }

  /** Eight characters, made once: they tell the cookies of two servers on one machine apart. */
  serverId(): Promise<string> {
    this.#serverId ??= this.#readServerId().catch((error: unknown) => {
      this.#serverId = null
      throw error
    })
    return this.#serverId
  }

  async #readServerId(): Promise<string> {
    const known = await this.#ports.settings.get('serverId')
    if (known !== null) return known
    const made = this.#ports.ids.id().slice(0, 8).toLowerCase()
    await this.#ports.settings.set('serverId', made)
    return made
  }

  async #reload(by: string): Promise<Reloaded> {
    this.#checkWanted()
    const { versions, roleChanges, procedures, schedules } = this.#rooms
    const reading = { reading: roleChanges.begin(), by }
    try {
      const built = await this.#ports.source.build()
      this.#checkWanted()
      const { changed, version } = await versions.publish(built.package, by, {
        prepare: () => applyCatalog(this.#ports, built.package),
        took: (current) => roleChanges.follow(current, reading),
      })
      if (changed && procedures.exists) procedures.follow(version)
      if (changed) schedules.follow()
      this.#mend(by)
      return { changed, version: version.label }
    } catch (error) {
      this.#reject(error, by)
      throw error
    }
  }

  #checkWanted(): void {
    if (this.#state === 'stopping') throw new TesseraError('SERVER_STOPPING', 'The server is stopping: it publishes no more.')
  }

  #mend(by: string): void {
    if (this.#rejected === null) return
    this.#rejected = null
    this.#ports.bus.emit({ name: 'version.mended', by })
  }

  #reject(error: unknown, by: string): void {
    const problems = error instanceof TesseraError && error.problems !== undefined ? error.problems : [unplaced(error)]
    this.#rejected = { at: new Date(this.#ports.clock.now()).toISOString(), by, problems }
    this.#ports.bus.emit({ name: 'version.rejected', by, problems })
  }
}

const starting = (): TesseraError => new TesseraError('SERVER_STARTING', 'The server is starting: try again in a moment.', { retryAfterMs: 1000 })

const unplaced = (error: unknown): Problem => ({
  file: '',
  line: 1,
  column: 1,
  severity: 'error',
  code: 'not-published',
  message: error instanceof TesseraError ? error.message : 'The server met an unexpected error; its log has the detail.',
})
