import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256 } from './sha256.ts'
import { writeAtomically } from './write-atomically.ts'

/** Files named by their own SHA-256: `<aa>/<sha256>`. A blob that does not have the bytes its name says counts as missing. */
export interface BlobsOnDisk {
  pathOf(digest: string): string
  /** The checked bytes, or null. */
  read(digest: string): Promise<Uint8Array | null>
  /** Writes the blob unless it is there already, whole. */
  write(digest: string, content: Uint8Array): Promise<void>
  remove(digest: string): Promise<void>
}

export const createBlobsOnDisk = (directory: string): BlobsOnDisk => {
  const pathOf = (digest: string): string => join(directory, digest.slice(0, 2), digest)
  const read = async (digest: string): Promise<Uint8Array | null> => {
    const content = await readFileIfThere(pathOf(digest))
    return content !== null && sha256(content) === digest ? content : null
  }
  return {
    pathOf,
    read,
    write: async (digest, content) => {
      if ((await read(digest)) === null) await writeAtomically(pathOf(digest), content)
    },
    remove: (digest) => rm(pathOf(digest), { force: true }),
  }
}

/** The file's bytes, or null where there is no such file. */
export const readFileIfThere = async (path: string): Promise<Uint8Array | null> => {
  try {
    return await readFile(path)
  } catch (cause) {
    if (isMissing(cause)) return null
    throw cause
  }
}

export const isMissing = (cause: unknown): boolean => cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
