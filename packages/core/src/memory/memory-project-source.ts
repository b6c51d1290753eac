import type { Problem } from '@tessera/protocol'
import type { StoredPackage } from '../ports/package-store.ts'
import type { ProjectSource } from '../ports/project-source.ts'
import type { MemoryPackageStore } from './memory-package-store.ts'

/** A project folder that is a function: each build gives what it answers, or fails with what it throws. */
export class MemoryProjectSource implements ProjectSource {
  readonly #store: MemoryPackageStore
  readonly #read: () => StoredPackage

  constructor(store: MemoryPackageStore, read: () => StoredPackage) {
    this.#store = store
    this.#read = read
  }

  async build(): Promise<{ package: StoredPackage; warnings: readonly Problem[] }> {
    const built = this.#read()
    this.#store.put(built)
    return { package: built, warnings: [] }
  }
}
