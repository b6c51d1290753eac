import type { Problem } from '@tessera/protocol'
import type { Roles } from '../access/roles/roles.ts'
import type { StoredPackage } from '../ports/package-store.ts'
import type { ProjectSource } from '../ports/project-source.ts'
import type { MemoryPackageStore } from './memory-package-store.ts'

/** A project folder that is two functions: a build, or a reading of its roles, gives what one answers, or fails with what it throws. */
export class MemoryProjectSource implements ProjectSource {
  readonly #store: MemoryPackageStore
  readonly #read: () => StoredPackage
  readonly #readRoles: () => Roles | null

  constructor(store: MemoryPackageStore, read: () => StoredPackage, readRoles: () => Roles | null) {
    this.#store = store
    this.#read = read
    this.#readRoles = readRoles
  }

  async build(): Promise<{ package: StoredPackage; warnings: readonly Problem[] }> {
    const built = this.#read()
    this.#store.put(built)
    return { package: built, warnings: [] }
  }

  async roles(): Promise<Roles | null> {
    return this.#readRoles()
  }
}
