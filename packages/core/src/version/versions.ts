import { TesseraError, type VersionStateName } from '@tessera/protocol'
import type { Undo } from '../catalog/apply-catalog.ts'
import { asVersionId, type Digest, type VersionId } from '../ids.ts'
import type { Ports } from '../ports/index.ts'
import type { IsolateCode } from '../ports/isolate-host.ts'
import type { StoredPackage } from '../ports/package-store.ts'
import type { LoggedVersion } from '../ports/version-log.ts'
import { Version } from './version.ts'

type VersionPorts = Pick<Ports, 'bus' | 'clock' | 'isolates' | 'packages' | 'versionLog' | 'logger'>

interface PublishSteps {
  prepare: () => Promise<Undo>
  took: (version: Version) => void
}

/** The versions of the project: one is current, older ones live as long as somebody runs on them (decision 1). */
export class Versions {
  readonly #ports: VersionPorts
  readonly #live = new Map<VersionId, Version>()
  /** Retired versions whose isolates are being stopped: none of that package starts before that is done. */
  readonly #closing = new Map<Digest, Promise<void>>()
  /** Lets go of the versions whose sessions are being put back. */
  readonly #restoring: (() => void)[] = []
  #logged: LoggedVersion[] = []
  #current: Version | null = null

  constructor(ports: VersionPorts) {
    this.#ports = ports
  }

  /** Reads the log, and starts the versions that sessions still run: `wanted`. Any other but the current one is needed no more. */
  async load(wanted: ReadonlySet<VersionId>): Promise<void> {
    this.#logged = [...(await this.#ports.versionLog.all())]
    // The newest first: code that was published twice runs once, under its latest id.
    for (const logged of this.#logged.toReversed()) if (wanted.has(logged.id) && this.#findLive(logged.digest) === undefined) await this.#reopen(logged)
    const left = this.#logged.filter(({ id, state }) => (state === 'draining' || state === 'ready') && !this.#live.has(id))
    if (left.length > 0) await this.#ports.versionLog.setStates(left.map(({ id }) => ({ id, state: 'retired' })))
    this.#logged = this.#logged.map((version) => (left.includes(version) ? { ...version, state: 'retired' } : version))
  }

  /** What a session that was put back runs: its version, or the same code under another id. */
  findReopened(id: VersionId): Version | undefined {
    const digest = this.#logged.find((logged) => logged.id === id)?.digest
    return this.#live.get(id) ?? (digest === undefined ? undefined : this.#findLive(digest))
  }

  /** The sessions are back on the books, with pins of their own. */
  restored(): void {
    for (const release of this.#restoring.splice(0)) release()
  }

  /** Its sessions get another version where it cannot be started any more. */
  async #reopen(logged: LoggedVersion): Promise<void> {
    try {
      const stored = await this.#ports.packages.open(logged.digest)
      const methods = await this.#ports.isolates.openVersion(codeOf(stored))
      const version = new Version({ ...logged, package: stored, methods, state: 'draining' })
      this.#restoring.push(this.hold(version))
      this.#live.set(version.id, version)
    } catch (error) {
      this.#ports.logger.error('A version that sessions run cannot be started any more', { version: logged.id, detail: String(error) })
    }
  }

  get current(): Version | null {
    return this.#current
  }

  /** @throws TesseraError `SERVER_STARTING`. */
  needCurrent(): Version {
    if (this.#current === null) throw new TesseraError('SERVER_STARTING', 'The project is still being published.')
    return this.#current
  }

  /** A live version by id. @throws TesseraError `VERSION_NOT_FOUND`. */
  needLive(id: string): Version {
    const version = this.#live.get(asVersionId(id))
    if (version === undefined) throw new TesseraError('VERSION_NOT_FOUND', `There is no live version ${id.slice(0, 40)}.`)
    return version
  }

  /** The live version of a package. */
  ofDigest(digest: Digest): Version | undefined {
    return [...this.#live.values()].find((version) => version.digest === digest)
  }

  find(id: VersionId): Version | undefined {
    return this.#live.get(id)
  }

  /** All that were ever published, oldest first. */
  history(): readonly LoggedVersion[] {
    return this.#logged
  }

  /**
   * Makes a package the current version. The same package as the current one changes nothing; one that is still alive becomes
   * current again under its old id.
   * `prepare` runs once the code is loaded, before anybody gets it, and is undone when the publish fails after it; `took`, at
   * the moment in which it is the current one.
   * @throws TesseraError `VERSION_REJECTED` where its code cannot be loaded; everything stays as it was.
   */
  async publish(stored: StoredPackage, by: string, { prepare, took }: PublishSteps): Promise<{ changed: boolean; version: Version }> {
    if (this.#current?.digest === stored.digest) {
      took(this.#current)
      return { changed: false, version: this.#current }
    }
    const version = this.#findLive(stored.digest) ?? (await this.#open(stored, by))
    // Its last session may leave meanwhile: it must not retire on its way back.
    const release = this.hold(version)
    try {
      const undo = await prepare()
      await this.#makeCurrent(version, by, took).catch(async (error: unknown) => {
        await undo().catch((failure: unknown) => this.#note('A publish failed, and the structure could not be put back', version, failure))
        throw error
      })
    } finally {
      release()
    }
    return { changed: true, version }
  }

  pin(version: Version, who: string): void {
    version.pins.add(who)
  }

  unpin(version: Version, who: string): void {
    version.pins.delete(who)
    this.#retireWhenUnused(version)
  }

  /** Keeps a version alive until what is answered is called. */
  hold(version: Version): () => void {
    version.holds += 1
    return () => {
      version.holds -= 1
      this.#retireWhenUnused(version)
    }
  }

  /** Sessions and stored procedures that keep versions alive. */
  *pins(): Generator<{ version: Version; who: string }> {
    for (const version of this.#live.values()) for (const who of version.pins) yield { version, who }
  }

  #findLive(digest: Digest): Version | undefined {
    for (const version of this.#live.values()) if (version.digest === digest) return version
    return undefined
  }

  async #open(stored: StoredPackage, by: string): Promise<Version> {
    await this.#closing.get(stored.digest)
    const methods = await this.#ports.isolates.openVersion(codeOf(stored))
    // At start the log still tells which version was current: the same package goes on under its id (SPEC V13).
    const known = this.#current === null ? this.#logged.find(({ digest, state }) => digest === stored.digest && state === 'current') : undefined
    const publishedAt = known?.publishedAt ?? this.#ports.clock.now()
    const version = new Version({
      id: known?.id ?? this.#nextId(publishedAt),
      package: stored,
      methods,
      publishedAt,
      publishedBy: known?.publishedBy ?? by,
      state: 'ready',
    })
    if (known === undefined) await this.#log(version)
    this.#live.set(version.id, version)
    return version
  }

  async #log(version: Version): Promise<void> {
    const entry: LoggedVersion = {
      ...version.label,
      state: 'ready',
      publishedAt: version.publishedAt,
      publishedBy: version.publishedBy,
      bytes: version.package.bytes,
    }
    try {
      await this.#ports.versionLog.append(entry)
    } catch (error) {
      await this.#ports.isolates.closeVersion(version.digest)
      throw error
    }
    this.#logged.push(entry)
  }

  async #makeCurrent(version: Version, by: string, took: PublishSteps['took']): Promise<void> {
    const before = this.#logged.filter(({ id, state }) => state === 'current' && id !== version.id)
    const states = before.map(({ id }): { id: VersionId; state: VersionStateName } => ({ id, state: this.#live.has(id) ? 'draining' : 'retired' }))
    await this.#ports.versionLog.setStates([...states, { id: version.id, state: 'current' }])
    this.#current = version
    took(version)
    this.#ports.bus.emit({ name: 'version.published', ...version.label, by })
    for (const { id, state } of [...states, { id: version.id, state: 'current' as const }]) this.#noteState(id, state)
    for (const { id } of before) {
      const old = this.#live.get(id)
      if (old !== undefined) this.#retireWhenUnused(old)
    }
  }

  #noteState(id: VersionId, state: VersionStateName): void {
    this.#logged = this.#logged.map((logged) => (logged.id === id ? { ...logged, state } : logged))
    const version = this.#live.get(id)
    if (version === undefined) return
    version.state = state
    this.#ports.bus.emit({ name: 'version.stateChanged', ...version.label, state })
  }

  #retireWhenUnused(version: Version): void {
    if (version === this.#current || version.pins.size > 0 || version.holds > 0 || !this.#live.has(version.id)) return
    this.#noteState(version.id, 'retired')
    this.#live.delete(version.id)
    const closing = this.#ports.isolates
      .closeVersion(version.digest)
      .catch((error: unknown) => this.#note('The isolates of a retired version could not be stopped', version, error))
      .finally(() => this.#closing.delete(version.digest))
    this.#closing.set(version.digest, closing)
    this.#ports.versionLog
      .setStates([{ id: version.id, state: 'retired' }])
      .catch((error: unknown) => this.#note('A version retired but could not be noted as such', version, error))
  }

  #note(what: string, { id }: Version, error: unknown): void {
    this.#ports.logger.error(what, { version: id, detail: String(error) })
  }

  /** `YYYYMMDD.n`, counted from 1 each day (UTC). */
  #nextId(at: number): VersionId {
    const day = new Date(at).toISOString().slice(0, 10).replaceAll('-', '')
    const numbers = this.#logged.filter(({ id }) => id.startsWith(`${day}.`)).map(({ id }) => Number(id.slice(day.length + 1)))
    return asVersionId(`${day}.${Math.max(0, ...numbers) + 1}`)
  }
}

const codeOf = ({ digest, serverDirectory, facts }: StoredPackage): IsolateCode => ({ digest, directory: serverDirectory, execution: facts.execution })
