import type { PackageManifest } from '@tessera/protocol'

/** Knows which blobs belong to the client half of some package: only those ever leave the server. */
export interface ClientBlobs {
  has(sha256: string): Promise<boolean>
  add(digest: string, manifest: PackageManifest): void
  remove(digest: string): void
}

/** @param readAll gives the packages that are there already; asked once, at the first question. */
export const createClientBlobs = (readAll: () => Promise<readonly (readonly [string, PackageManifest])[]>): ClientBlobs => {
  const byPackage = new Map<string, ReadonlySet<string>>()
  const removed = new Set<string>()
  let loaded: Promise<void> | undefined
  const add = (digest: string, manifest: PackageManifest): void => {
    removed.delete(digest)
    byPackage.set(digest, new Set(manifest.client.files.map((file) => file.sha256)))
  }
  const load = async (): Promise<void> => {
    for (const [digest, manifest] of await readAll()) if (!removed.has(digest)) add(digest, manifest)
  }
  return {
    has: async (sha256) => {
      loaded ??= load()
      await loaded
      for (const blobs of byPackage.values()) if (blobs.has(sha256)) return true
      return false
    },
    add,
    remove: (digest) => {
      removed.add(digest)
      byPackage.delete(digest)
    },
  }
}
