import { join } from 'node:path'
import type { PackageManifest } from '@tessera/protocol'
import { readArchive } from './archive.ts'
import { damaged } from './damaged.ts'
import type { Pack } from './pack.ts'
import { holdsExactly, writeReadOnlyFolder } from './read-only-folder.ts'

/**
 * Unpacks an archive, checked whole before anything is written, into read-only folders `client` and `server`.
 * @throws TesseraError `PACKAGE_DAMAGED`; nothing is written then.
 */
export const unpackArchive = async (
  archive: Uint8Array,
  directory: string,
): Promise<{ digest: string; manifest: PackageManifest; clientDirectory: string; serverDirectory: string }> => {
  const pack = readArchive(archive)
  const clientDirectory = join(directory, 'client')
  const serverDirectory = join(directory, 'server')
  await unpackHalf(pack, serverDirectory, pack.listing.files)
  await unpackHalf(pack, clientDirectory, pack.manifest.client.files)
  return { digest: pack.digest, manifest: pack.manifest, clientDirectory, serverDirectory }
}

const unpackHalf = async (pack: Pack, folder: string, files: PackageManifest['client']['files']): Promise<void> => {
  if (await holdsExactly(folder, files)) return
  await writeReadOnlyFolder(folder, files, async (file) => {
    const content = pack.blobs.get(file.sha256)
    if (content === undefined) throw damaged(`${file.path} is missing`)
    return content
  })
}
