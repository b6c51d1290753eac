import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { TesseraError } from '@tessera/protocol/values'

export interface IndexedFile {
  name: string
  /** Relative to the half's folder, with forward slashes. */
  file: string
}

/** What the packer says is in one half of a package: `index.json` in its folder. */
export interface HalfIndex {
  project: string
  methods: readonly IndexedFile[]
  database: readonly IndexedFile[]
}

/** @throws TesseraError `VERSION_REJECTED` where the folder holds no half that this runtime can run. */
export const readHalfIndex = async (directory: string): Promise<HalfIndex> => {
  try {
    return parseHalfIndex(JSON.parse(await readFile(join(directory, 'index.json'), 'utf8')))
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause)
    throw new TesseraError('VERSION_REJECTED', `The package's code cannot be read: ${what}`, { cause })
  }
}

const parseHalfIndex = (value: unknown): HalfIndex => {
  if (!isRecord(value) || value['format'] !== 1) throw new Error('index.json is not of format 1.')
  const { project } = value
  return { project: typeof project === 'string' ? project : '', methods: parseFiles(value['methods']), database: parseFiles(value['database']) }
}

const parseFiles = (value: unknown): readonly IndexedFile[] => {
  if (value === undefined) return []
  if (!Array.isArray(value)) throw new Error('index.json does not list files.')
  return value.map((entry: unknown) => {
    if (!isRecord(entry) || typeof entry['name'] !== 'string' || typeof entry['file'] !== 'string')
      throw new Error('index.json lists something that is not a file.')
    if (entry['file'].split('/').includes('..')) throw new Error(`index.json names "${entry['file']}", which is outside its folder.`)
    return { name: entry['name'], file: entry['file'] }
  })
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
