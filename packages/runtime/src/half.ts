import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isServerCall, serverMethodOf } from '@tessera/kit/host'
import { type Problem, TesseraError } from '@tessera/protocol/values'
import { type IndexedFile, readHalfIndex } from './half-index.ts'
import { ProjectPlaces } from './project-places.ts'

export type ProjectFunction = (...args: readonly unknown[]) => unknown

/** One file of a half, loaded: what its default export is. */
export interface LoadedFunction {
  name: string
  /** The author's own function, without the wrapper that `onServer` puts around it. */
  fn: ProjectFunction
  /** The options given to `onServer`; null for anything else. */
  onServer: NonNullable<ReturnType<typeof serverMethodOf>>['options'] | null
  /** In a client half: it stands for a method that runs on the server. */
  callsServer: boolean
}

/** One half of a package, with all its code loaded in this process. */
export interface Half {
  project: string
  directory: string
  methods: ReadonlyMap<string, LoadedFunction>
  database: ReadonlyMap<string, LoadedFunction>
  places: ProjectPlaces
}

/**
 * Loads all code of a half in this process. The kit host must be installed before, since modules may ask for it while
 * they load. Loaded code stays until the process ends: module systems have no way back.
 * @throws TesseraError `VERSION_REJECTED`, with a problem for each file that cannot be loaded.
 */
export const loadHalf = async (directory: string): Promise<Half> => {
  // Before the first import: only modules that are loaded afterwards are mapped to their sources.
  process.setSourceMapsEnabled(true)
  const index = await readHalfIndex(directory)
  const root = await realpath(directory)
  const loader = { root, places: new ProjectPlaces(root), problems: [] as Problem[] }
  const [methods, database] = await Promise.all([loadFiles(loader, index.methods), loadFiles(loader, index.database)])
  if (loader.problems.length > 0) throw rejected(loader.problems)
  return { project: index.project, directory: root, methods, database, places: loader.places }
}

interface Loader {
  root: string
  places: ProjectPlaces
  problems: Problem[]
}

const loadFiles = async (loader: Loader, files: readonly IndexedFile[]): Promise<ReadonlyMap<string, LoadedFunction>> => {
  const loaded = await Promise.all(files.map((file) => loadFile(loader, file)))
  return new Map(loaded.flatMap((item) => (item === null ? [] : [[item.name, item] as const])))
}

const loadFile = async (loader: Loader, { name, file }: IndexedFile): Promise<LoadedFunction | null> => {
  try {
    const module: { default?: unknown } = await import(pathToFileURL(join(loader.root, file)).href)
    const value = module.default
    if (typeof value !== 'function') {
      loader.problems.push(problemAt({ file: sourceOf(file), line: 1, column: 1 }, 'no-default-export', 'This file has no function as its default export.'))
      return null
    }
    const method = serverMethodOf(value)
    return { name, fn: method?.fn ?? (value as ProjectFunction), onServer: method?.options ?? null, callsServer: isServerCall(value) }
  } catch (error) {
    loader.problems.push(problemOf(loader.places, file, error))
    return null
  }
}

const problemOf = (places: ProjectPlaces, file: string, error: unknown): Problem => {
  const place = error instanceof Error && error.stack !== undefined ? places.firstPlace(error.stack) : null
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return problemAt(place === null ? { file: sourceOf(file), line: 1, column: 1 } : { ...place, file: sourceOf(place.file) }, 'load-failed', message)
}

const problemAt = (place: { file: string; line: number; column: number }, code: string, message: string): Problem => ({
  ...place,
  severity: 'error',
  code,
  message,
})

/** The packer writes one module for each source file, beside where the source stood. */
const sourceOf = (file: string): string => file.replace(/\.m?js$/, '.ts')

const rejected = (problems: readonly Problem[]): TesseraError => {
  const distinct = [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()]
  const first = distinct[0]
  const where = first === undefined ? '' : ` ${first.file}:${first.line}:${first.column} ${first.message}`
  return new TesseraError('VERSION_REJECTED', `The package's code cannot be loaded:${where}`, { problems: distinct })
}
