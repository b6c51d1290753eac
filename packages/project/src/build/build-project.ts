import type { PackageManifest, Problem } from '@tessera/protocol'
import { writeArchive } from '../package/archive.ts'
import { createBuilder, type OnProgress } from './builder.ts'

export interface BuiltProject {
  /** The bytes of the `.tsz` file. */
  archive: Uint8Array
  digest: string
  manifest: PackageManifest
  /** How many files both halves hold. */
  files: number
  warnings: readonly Problem[]
}

/** Every problem of a project, in order of place. @throws TesseraError `PROJECT_NOT_FOUND`. */
export const checkProject = (directory: string): Promise<Problem[]> => createBuilder(directory).check()

/**
 * Reads, checks, compiles and packs a project. The same folder gives the same bytes on every machine.
 * @throws TesseraError `PROJECT_NOT_FOUND`; `PROJECT_INVALID` with `problems`.
 */
export const buildProject = async (directory: string, options: { onProgress?: OnProgress } = {}): Promise<BuiltProject> => {
  const { pack, warnings } = await createBuilder(directory).build(options.onProgress)
  const { digest, manifest } = pack
  return { archive: writeArchive(pack), digest, manifest, files: manifest.client.files.length + manifest.server.files, warnings }
}
