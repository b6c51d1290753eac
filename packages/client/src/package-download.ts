import { createHash } from 'node:crypto'
import { type PackageManifest, packageManifest, TesseraError } from '@tessera/protocol'
import { type PackageSourceOptions, packageSource } from './package-source.ts'

export interface DownloadOptions extends PackageSourceOptions {
  digest: string
}

/** A package whose manifest is here and verified; the files are fetched one by one. */
export interface DownloadedPackage {
  digest: string
  manifest: PackageManifest
  /** The bytes whose SHA-256 is the digest. */
  manifestBytes: Uint8Array
  /**
   * One file of the client half by its SHA-256.
   * @throws TesseraError `PACKAGE_DAMAGED` where other bytes came, or the manifest names no such file.
   */
  blob(sha256: string): Promise<Uint8Array>
}

/** 50,000 files of long names fit. */
const manifestBytesAtMost = 32 * 1_048_576

/**
 * Fetches a package's manifest and vouches for it.
 * @throws TesseraError `PACKAGE_DAMAGED` where the bytes are not those of the digest, `SERVER_UNREACHABLE`, and the server's codes.
 */
export const downloadPackage = async (options: DownloadOptions): Promise<DownloadedPackage> => {
  const source = packageSource(options)
  const manifestBytes = await source.fetchManifest(options.digest, manifestBytesAtMost)
  verify(manifestBytes, options.digest, 'manifest')
  const manifest = readManifest(manifestBytes)
  const sizes = new Map(manifest.client.files.map((file) => [file.sha256, file.bytes]))
  return {
    digest: options.digest,
    manifest,
    manifestBytes,
    blob: async (sha256) => {
      const size = sizes.get(sha256)
      if (size === undefined) throw new TesseraError('PACKAGE_DAMAGED', `The package has no file ${sha256}.`)
      const bytes = await source.fetchBlob(sha256, size)
      verify(bytes, sha256, 'file')
      return bytes
    },
  }
}

const verify = (bytes: Uint8Array, sha256: string, what: string): void => {
  const found = createHash('sha256').update(bytes).digest('hex')
  if (found !== sha256) throw new TesseraError('PACKAGE_DAMAGED', `The ${what} of the package is damaged: ${sha256} was expected and ${found} came.`)
}

const readManifest = (bytes: Uint8Array): PackageManifest => {
  try {
    return packageManifest.parse(JSON.parse(Buffer.from(bytes).toString('utf8')))
  } catch (cause) {
    throw new TesseraError('PACKAGE_DAMAGED', 'The manifest of the package is none that this client can read.', { cause })
  }
}
