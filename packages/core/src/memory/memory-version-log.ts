import { TesseraError, type VersionStateName } from '@tessera/protocol'
import type { VersionId } from '../ids.ts'
import type { LoggedVersion, VersionLog } from '../ports/version-log.ts'

/** A log that lives as long as this object. */
export class MemoryVersionLog implements VersionLog {
  /** A Map keeps the order in which its keys came. */
  readonly #versions = new Map<VersionId, LoggedVersion>()

  async all(): Promise<readonly LoggedVersion[]> {
    return [...this.#versions.values()].map((version) => ({ ...version }))
  }

  async append(version: LoggedVersion): Promise<void> {
    if (this.#versions.has(version.id)) throw versionExists(version.id)
    this.#versions.set(version.id, { ...version })
  }

  async setStates(states: readonly { id: VersionId; state: VersionStateName }[]): Promise<void> {
    const changed = states.map(({ id, state }) => {
      const version = this.#versions.get(id)
      if (version === undefined) throw versionNotFound(id)
      return { ...version, state }
    })
    for (const version of changed) this.#versions.set(version.id, version)
  }
}

export const versionExists = (id: string): TesseraError => new TesseraError('ALREADY_EXISTS', `There is a version ${id} already.`)
export const versionNotFound = (id: string): TesseraError => new TesseraError('VERSION_NOT_FOUND', `There is no version ${id}.`)
