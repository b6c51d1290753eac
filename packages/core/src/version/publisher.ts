import { type RejectedBuild, TesseraError } from '@tessera/protocol'
import { applyCatalog } from '../catalog/apply-catalog.ts'
import type { Digest, VersionId } from '../ids.ts'
import type { Ports } from '../ports/index.ts'
import type { Procedures } from '../session/procedures.ts'
import type { Versions } from './versions.ts'

interface Rooms {
  versions: Versions
  procedures: Procedures
}

interface Reloaded {
  changed: boolean
  version: { id: VersionId; digest: Digest }
}

/** Turns the project folder into the current version: at start, on request, on a change (4d.md PKG-06, PKG-09, RLD-03). */
export class Publisher {
  readonly #ports: Ports
  readonly #rooms: Rooms
  #turn: Promise<unknown> = Promise.resolve()
  #rejected: RejectedBuild | null = null
  #serverId: string | null = null

  constructor(ports: Ports, rooms: Rooms) {
    this.#ports = ports
    this.#rooms = rooms
  }

  /** The build that could not become a version, until a later one does. */
  get rejected(): RejectedBuild | null {
    return this.#rejected
  }

  /**
   * Builds and publishes; a build that fails leaves the current version alone. One at a time: who asks meanwhile gets the
   * next one.
   * @throws TesseraError `PROJECT_INVALID`, `VERSION_REJECTED` with problems.
   */
  reload(by: string): Promise<Reloaded> {
    const next = this.#turn.then(() => this.#reload(by))
    this.#turn = next.catch(() => undefined)
    return next
  }

  /** Which server this is, and what it publishes. */
  async identity(): Promise<{ serverId: string; project: string }> {
    return { serverId: await this.serverId(), project: this.#rooms.versions.current?.package.facts.publication ?? '' }
  }

  /** Eight characters, made once: they tell the cookies of two servers on one machine apart. */
  async serverId(): Promise<string> {
    this.#serverId ??= await this.#ports.settings.get('serverId')
    if (this.#serverId === null) {
      this.#serverId = this.#ports.ids.id().slice(0, 8).toLowerCase()
      await this.#ports.settings.set('serverId', this.#serverId)
    }
    return this.#serverId
  }

  async #reload(by: string): Promise<Reloaded> {
    try {
      const built = await this.#ports.source.build()
      const { changed, version } = await this.#rooms.versions.publish(built.package, by, () => applyCatalog(this.#ports, built.package))
      if (changed && this.#rooms.procedures.exists) this.#rooms.procedures.follow(version)
      this.#rejected = null
      return { changed, version: version.label }
    } catch (error) {
      this.#reject(error, by)
      throw error
    }
  }

  #reject(error: unknown, by: string): void {
    const problems = error instanceof TesseraError && error.problems !== undefined ? error.problems : [unplaced(error)]
    this.#rejected = { at: new Date(this.#ports.clock.now()).toISOString(), by, problems }
    this.#ports.bus.emit({ name: 'version.rejected', by, problems })
  }
}

const unplaced = (error: unknown) => ({
  file: '',
  line: 1,
  column: 1,
  severity: 'error' as const,
  code: 'not-published',
  message: error instanceof TesseraError ? error.message : 'The server met an unexpected error; its log has the detail.',
})
