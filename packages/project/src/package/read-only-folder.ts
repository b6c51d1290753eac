import { randomUUID } from 'node:crypto'
import { chmod, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { PackageFile } from '@tessera/protocol'
import { isMissing, readFileIfThere } from './blobs-on-disk.ts'
import { inBatches } from './in-batches.ts'
import { sha256 } from './sha256.ts'

/**
 * Unpacks files into a new read-only folder (files 0444, folders 0555). They are written beside it first and renamed, so
 * the folder is there whole or not at all; what stood in its place is removed. Paths come from a parsed listing only.
 */
export const writeReadOnlyFolder = async (folder: string, files: readonly PackageFile[], read: (file: PackageFile) => Promise<Uint8Array>): Promise<void> => {
  const temporary = `${folder}.${process.pid}.${randomUUID()}.tmp`
  try {
    await mkdir(temporary, { recursive: true })
    for (const parent of parentsOf(files)) await mkdir(join(temporary, parent), { recursive: true })
    await inBatches(files, async (file) => writeFile(join(temporary, file.path), await read(file), { flag: 'wx', mode: 0o444 }))
    await chmodTree(temporary, 0o444, 0o555)
    await replaceFolder(temporary, folder, files)
  } finally {
    await removeFolder(temporary)
  }
}

/** Whether the folder holds exactly these files, byte for byte, and nothing else. */
export const holdsExactly = async (folder: string, files: readonly PackageFile[]): Promise<boolean> => {
  const found = await listFiles(folder)
  if (found === null || found.size !== files.length) return false
  let whole = true
  await inBatches(files, async (file) => {
    const content = found.has(file.path) ? await readFileIfThere(join(folder, file.path)) : null
    if (content === null || content.byteLength !== file.bytes || sha256(content) !== file.sha256) whole = false
  })
  return whole
}

/** Removes a folder that may be read-only. A missing one is fine. */
export const removeFolder = async (folder: string): Promise<void> => {
  try {
    await chmodTree(folder, 0o644, 0o755)
    await rm(folder, { recursive: true, force: true })
  } catch (cause) {
    if (!isMissing(cause)) throw cause
  }
}

/** Somebody else may be putting the same folder in place at the same moment: whoever comes second keeps the first one's. */
const replaceFolder = async (temporary: string, folder: string, files: readonly PackageFile[]): Promise<void> => {
  for (let attempt = 0; attempt < 5; attempt++) {
    if (await renameIfFree(temporary, folder)) return
    if (await holdsExactly(folder, files)) return
    const aside = `${folder}.${process.pid}.${randomUUID()}.old`
    await rename(folder, aside).catch(ignoreMissing)
    await removeFolder(aside)
  }
  throw new Error(`${folder} cannot be put in place: something else keeps writing it`)
}

const renameIfFree = async (from: string, to: string): Promise<boolean> => {
  try {
    await rename(from, to)
    return true
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && ['ENOTEMPTY', 'EEXIST', 'EPERM', 'ENOTDIR'].includes(String(cause.code))) return false
    throw cause
  }
}

const ignoreMissing = (cause: unknown): void => {
  if (!isMissing(cause)) throw cause
}

const parentsOf = (files: readonly PackageFile[]): Set<string> => new Set(files.map(({ path }) => dirname(path)).filter((parent) => parent !== '.'))

/** Paths of all files; null where the folder is missing or holds something that is neither a file nor a folder. */
const listFiles = async (folder: string): Promise<Set<string> | null> => {
  const found = new Set<string>()
  const walk = async (relative: string): Promise<boolean> => {
    for (const entry of await readdir(join(folder, relative), { withFileTypes: true })) {
      const path = relative === '' ? entry.name : `${relative}/${entry.name}`
      if (entry.isFile()) found.add(path)
      else if (!entry.isDirectory() || !(await walk(path))) return false
    }
    return true
  }
  try {
    return (await walk('')) ? found : null
  } catch {
    return null
  }
}

const chmodTree = async (folder: string, fileMode: number, folderMode: number): Promise<void> => {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await chmodTree(path, fileMode, folderMode)
    else if (entry.isFile()) await chmod(path, fileMode)
  }
  await chmod(folder, folderMode)
}
