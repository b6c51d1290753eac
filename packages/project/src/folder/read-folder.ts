import { createHash } from 'node:crypto'
import { lstat, readdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { type Problem, TesseraError } from '@tessera/protocol'
import { isJunk } from './layout.ts'

/** One file that a project folder holds, junk left out. */
export interface FoundFile {
  /** Forward slashes, Unicode in composed form: the same on every system. */
  path: string
  /** As this machine spells it. */
  absolute: string
  bytes: number
}

export interface FoundFolder {
  /** Absolute, links resolved. */
  directory: string
  /** Sorted by path. */
  files: readonly FoundFile[]
  problems: readonly Problem[]
  /** Changes whenever a name, a size or a time in the folder changes. */
  state: string
}

const maxFiles = 50_000

/**
 * Lists a project folder. Symbolic links and anything that is neither file nor folder are problems, never followed.
 * @throws TesseraError `PROJECT_NOT_FOUND`.
 */
export const readFolder = async (folder: string): Promise<FoundFolder> => {
  const walk: Walk = { files: [], problems: [], state: [] }
  try {
    const directory = await realpath(folder)
    await walkFolder(walk, directory, '')
    walk.files.sort((one, other) => (one.path < other.path ? -1 : 1))
    return { directory, files: walk.files, problems: walk.problems, state: createHash('sha256').update(walk.state.sort().join('\n')).digest('hex') }
  } catch (cause) {
    if (cause instanceof TesseraError) throw cause
    throw new TesseraError('PROJECT_NOT_FOUND', `There is no project that can be read at ${folder}.`, { cause })
  }
}

interface Walk {
  files: FoundFile[]
  problems: Problem[]
  state: string[]
}

const walkFolder = async (walk: Walk, directory: string, below: string): Promise<void> => {
  const entries = await readdir(join(directory, below), { withFileTypes: true })
  const files: string[] = []
  for (const entry of entries) {
    if (isJunk(entry.name)) continue
    const path = below === '' ? entry.name : `${below}/${entry.name}`
    if (entry.isDirectory()) await walkFolder(walk, directory, path)
    else if (entry.isFile()) files.push(path)
    else walk.problems.push(notAFile(path.normalize('NFC'), entry.isSymbolicLink() ? 'a symbolic link' : 'neither a file nor a folder'))
  }
  await Promise.all(files.map((path) => noteFile(walk, directory, path)))
  if (walk.files.length > maxFiles) throw new TesseraError('PROJECT_INVALID', `The project holds more than ${maxFiles} files.`)
}

const noteFile = async (walk: Walk, directory: string, path: string): Promise<void> => {
  const absolute = join(directory, path)
  const { size, mtimeNs, ctimeNs, ino } = await lstat(absolute, { bigint: true })
  walk.files.push({ path: path.normalize('NFC'), absolute, bytes: Number(size) })
  walk.state.push(`${path}\0${size}\0${mtimeNs}\0${ctimeNs}\0${ino}`)
}

const notAFile = (file: string, what: string): Problem => ({
  file,
  line: 1,
  column: 1,
  severity: 'error',
  code: 'link-refused',
  message: `this is ${what}: a project holds files and folders only`,
})
