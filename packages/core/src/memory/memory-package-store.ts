import { TesseraError } from '@tessera/protocol'
import type { Digest } from '../ids.ts'
import type { PackageStore, StoredPackage } from '../ports/package-store.ts'

/** Packages that are objects, for as long as this one lives. */
export class MemoryPackageStore implements PackageStore {
  readonly #packages = new Map<Digest, StoredPackage>()

  put(stored: StoredPackage): void {
    this.#packages.set(stored.digest, stored)
  }

  async open(digest: Digest): Promise<StoredPackage> {
    const stored = this.#packages.get(digest)
    if (stored === undefined) throw new TesseraError('VERSION_NOT_FOUND', `There is no package ${digest.slice(0, 12)}.`)
    return stored
  }

  async remove(digest: Digest): Promise<void> {
    this.#packages.delete(digest)
  }
}
