import { TesseraError, type VersionStateName } from '@tessera/protocol'
import { asVersionId, type Digest, type VersionId } from '../ids.ts'
import type { Ports } from '../ports/index.ts'
import type { StoredPackage } from '../ports/package-store.ts'
import type { LoggedVersion } from '../ports/version-log.ts'
import { Version } from './version.ts'

type VersionPorts = Pick<Ports, 'bus' | 'clock' | 'isolates' | 'packages' | 'versionLog' | 'logger'>

/** The versions of the project: one is current, older ones live as long as somebody runs on them (decision 1). */
export class Versions {
  readonly #ports: VersionPorts
  readonly #live = new Map<VersionId, Version>()
  #logged: LoggedVersion[] = []
  #current: Version | null = null

  constructor(ports: VersionPorts) {
    this.#ports = ports
  }

  /** Reads the log. No session outlives the server's process, so nothing but the current version is needed on. */
  async load(): Promise<void> {
    const all = await this.#ports.versionLog.all()
    const left = all.filter(({ state }) => state === 'draining' || state === 'ready')
    if (left.length > 0) await this.#ports.versionLog.setStates(left.map(({ id }) => ({ id, state: 'retired' })))
    this.#logged = all.map((version) => (left.includes(version) ? { ...version, state: 'retired' } : version))
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

  live(): IterableIterator<Version> {
    return this.#live.values()
  }

  /** Those whose code is no longer loaded, oldest first. */
  past(): readonly LoggedVersion[] {
    return this.#logged.filter(({ id }) => !this.#live.has(id))
  }

  /** Whether the digest belongs to a version that somebody may still run. */
  findLive(digest: Digest): Version | undefined {
    for (const version of this.#live.values()) if (version.digest === digest) return version
    return undefined
  }

  /**
   * Makes a package the current version. The same package as the current one changes nothing; one that is still alive becomes
   * current again under its old id.
   * `prepare` runs once the code is loaded, before anybody gets it.
   * @throws TesseraError `VERSION_REJECTED` where its code cannot be loaded; everything stays as it was.
   */
  async publish(stored: StoredPackage, by: string, prepare: () => Promise<void>): Promise<{ changed: boolean; version: Version }> {
    if (this.#current?.digest === stored.digest) return { changed: false, version: this.#current }
    const alive = this.findLive(stored.digest)
    const version = alive ?? (await this.#open(stored, by))
    try {
      await prepare()
      await this.#makeCurrent(version)
    } catch (error) {
      this.#retireWhenUnused(version)
      throw error
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

  async #open(stored: StoredPackage, by: string): Promise<Version> {
    const methods = await this.#ports.isolates.openVersion({ digest: stored.digest, directory: stored.serverDirectory })
    const last = this.#logged.at(-1)
    const known = last?.digest === stored.digest && last.state === 'current' ? last : null
    const publishedAt = known?.publishedAt ?? this.#ports.clock.now()
    const version = new Version({
      id: known?.id ?? this.#nextId(publishedAt),
      package: stored,
      methods,
      publishedAt,
      publishedBy: known?.publishedBy ?? by,
      state: 'ready',
    })
    if (known === null) await this.#log(version)
    this.#live.set(version.id, version)
    this.#ports.bus.emit({ name: 'version.published', ...version.label, by })
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

  async #makeCurrent(version: Version): Promise<void> {
    const before = this.#logged.filter(({ id, state }) => state === 'current' && id !== version.id)
    const states = before.map(({ id }): { id: VersionId; state: VersionStateName } => ({ id, state: this.#live.has(id) ? 'draining' : 'retired' }))
    await this.#ports.versionLog.setStates([...states, { id: version.id, state: 'current' }])
    this.#current = version
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
    if (version === this.#current || version.pins.size > 0 || !this.#live.has(version.id)) return
    this.#noteState(version.id, 'retired')
    this.#live.delete(version.id)
    void this.#ports.isolates.closeVersion(version.digest)
    this.#ports.versionLog.setStates([{ id: version.id, state: 'retired' }]).catch((error: unknown) => {
      this.#ports.logger.error('A version retired but could not be noted as such', { version: version.id, detail: String(error) })
    })
  }

  /** `YYYYMMDD.n`, counted from 1 each day (UTC). */
  #nextId(at: number): VersionId {
    const day = new Date(at).toISOString().slice(0, 10).replaceAll('-', '')
    const numbers = this.#logged.filter(({ id }) => id.startsWith(`${day}.`)).map(({ id }) => Number(id.slice(day.length + 1)))
    return asVersionId(`${day}.${Math.max(0, ...numbers) + 1}`)
  }
}
