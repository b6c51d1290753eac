import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type PackageFile, type PackageManifest, TesseraError } from '@tessera/protocol'
import { type BlobsOnDisk, createBlobsOnDisk, readFileIfThere } from './blobs-on-disk.ts'
import { damaged } from './damaged.ts'
import { inBatches } from './in-batches.ts'
import { totalBytes } from './pack.ts'
import { holdsExactly, writeReadOnlyFolder } from './read-only-folder.ts'
import { sha256 } from './sha256.ts'
import { parseManifest } from './verify-parts.ts'
import { writeAtomically } from './write-atomically.ts'

export interface ClientCacheOptions {
  /** Where this user's packages live; shared by all clients on the machine. */
  directory: string
  /** Must not answer more than `maxBytes`. */
  fetchManifest(digest: string, maxBytes: number): Promise<Uint8Array>
  /** Must not answer more than `maxBytes`; what it answers is checked against the digest. */
  fetchBlob(digest: string, maxBytes: number): Promise<Uint8Array>
}

export interface CachedClient {
  /** Absolute path of the unpacked, read-only client half. */
  directory: string
  manifest: PackageManifest
  /** What had to be fetched this time, in bytes. */
  downloadedBytes: number
}

export interface ClientCache {
  /**
   * Gives the client half of a package, fetching what is missing. A download that was cut goes on where it stopped, and
   * several processes may ask at once.
   * @throws TesseraError `PACKAGE_DAMAGED` where a server sends other bytes than the digest names; nothing is unpacked then.
   */
  open(digest: string, onProgress?: (fraction: number) => void): Promise<CachedClient>
}

/** Larger than the manifest of 50,000 files with long paths. */
const manifestMaxBytes = 33_554_432

export const createClientCache = (options: ClientCacheOptions): ClientCache => {
  const blobs = createBlobsOnDisk(join(options.directory, 'blobs'))
  return {
    open: async (digest, onProgress = () => undefined) => {
      if (!/^[0-9a-f]{64}$/.test(digest)) throw new TesseraError('VERSION_NOT_FOUND', `"${digest}" is no digest of a package.`)
      const manifest = await openManifest(options, digest)
      const directory = join(options.directory, digest)
      if (await holdsExactly(directory, manifest.client.files)) return { directory, manifest, downloadedBytes: 0 }
      const downloadedBytes = await fetchMissing(options, blobs, { files: manifest.client.files, onProgress })
      await mkdir(options.directory, { recursive: true })
      await writeReadOnlyFolder(directory, manifest.client.files, (file) => needBlob(blobs, file))
      return { directory, manifest, downloadedBytes }
    },
  }
}

const openManifest = async (options: ClientCacheOptions, digest: string): Promise<PackageManifest> => {
  const path = join(options.directory, 'manifests', `${digest}.json`)
  const kept = await readFileIfThere(path)
  if (kept !== null && sha256(kept) === digest) return parseManifest(kept, digest)
  const fetched = await options.fetchManifest(digest, manifestMaxBytes)
  const manifest = parseManifest(fetched, digest)
  await writeAtomically(path, fetched)
  return manifest
}

interface Download {
  files: readonly PackageFile[]
  onProgress(fraction: number): void
}

const fetchMissing = async (options: ClientCacheOptions, blobs: BlobsOnDisk, { files, onProgress }: Download): Promise<number> => {
  const total = totalBytes(files)
  let downloaded = 0
  let done = 0
  await inBatches(
    [...new Map(files.map((file) => [file.sha256, file])).values()],
    async (file) => {
      if ((await blobs.read(file.sha256)) === null) {
        const content = await options.fetchBlob(file.sha256, file.bytes)
        if (content.byteLength !== file.bytes || sha256(content) !== file.sha256) throw damaged(`the server sent other bytes for ${file.path} than were packed`)
        await blobs.write(file.sha256, content)
        downloaded += file.bytes
      }
      done += file.bytes
      onProgress(total === 0 ? 1 : done / total)
    },
    8,
  )
  return downloaded
}

const needBlob = async (blobs: BlobsOnDisk, file: PackageFile): Promise<Uint8Array> => {
  const content = await blobs.read(file.sha256)
  if (content === null) throw damaged(`${file.path} vanished from the cache while it was unpacked`)
  return content
}
