import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { TesseraError } from '@tessera/protocol'
import { isMissing } from '../package/blobs-on-disk.ts'
import { skeletonOf } from './skeleton.ts'

export interface NewProject {
  directory: string
  name: string
  /** Paths that were written, in order. */
  files: readonly string[]
}

/**
 * Writes a project that checks and serves as it is.
 * @param options `name`: the folder's name without it.
 * @throws TesseraError `ALREADY_EXISTS` where the folder is not empty; `BAD_REQUEST` where the name is none.
 */
export const newProject = async (folder: string, options: { name?: string } = {}): Promise<NewProject> => {
  const directory = resolve(folder)
  const name = needName(options.name ?? basename(directory))
  await needEmpty(directory)
  const files = skeletonOf(name)
  for (const [path, text] of files) {
    await mkdir(dirname(join(directory, path)), { recursive: true })
    await writeFile(join(directory, path), text, { flag: 'wx' })
  }
  return { directory, name, files: [...files.keys()].sort() }
}

const needName = (name: string): string => {
  const trimmed = name.trim()
  if (/^[\p{L}\p{N}][\p{L}\p{N}\p{M} ._'&()+-]{0,99}$/u.test(trimmed)) return trimmed
  throw new TesseraError(
    'BAD_REQUEST',
    `"${name}" is no name for a project: it begins with a letter or a digit, and holds letters, digits, spaces and . _ - ' & ( ) + up to 100 characters.`,
  )
}

const needEmpty = async (directory: string): Promise<void> => {
  try {
    const [first] = await readdir(directory)
    if (first !== undefined) throw new TesseraError('ALREADY_EXISTS', `${directory} is not empty: it holds ${first}.`)
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOTDIR') throw new TesseraError('ALREADY_EXISTS', `${directory} is a file.`, { cause })
    if (!isMissing(cause)) throw cause
  }
}
