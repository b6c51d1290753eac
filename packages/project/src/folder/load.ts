import { readFile } from 'node:fs/promises'
import { withoutByteOrderMark } from '@tessera/core'
import { type Problem, TesseraError } from '@tessera/protocol'
import { inBatches } from '../package/in-batches.ts'
import { type FilePart, placeFile } from './layout.ts'
import { type FoundFile, type FoundFolder, readFolder } from './read-folder.ts'
import { parseSettings, type Settings, settingsFile } from './settings.ts'

export interface ProjectFile {
  path: string
  part: FilePart
  content: Uint8Array
  /** Decoded, without byte order mark; '' for resources, which are only bytes. */
  text: string
}

/** A project folder as it was at one moment, read whole. */
export interface ProjectReading {
  directory: string
  /** Null where tessera.json cannot be used; the problems say why. */
  settings: Settings | null
  /** By path, in order of path. */
  files: ReadonlyMap<string, ProjectFile>
  problems: readonly Problem[]
  state: string
}

export interface Project extends ProjectReading {
  settings: Settings
}

/**
 * Reads a project.
 * @throws TesseraError `PROJECT_NOT_FOUND` where there is no folder or no tessera.json in it; `PROJECT_INVALID` with
 * problems where tessera.json cannot be used.
 */
export const loadProject = async (folder: string): Promise<Project> => {
  const reading = await readProject(folder)
  const { settings } = reading
  if (settings === null) throw new TesseraError('PROJECT_INVALID', `${settingsFile} cannot be used.`, { problems: reading.problems })
  return { ...reading, settings }
}

/** As `loadProject`, with a broken tessera.json among the problems. @throws TesseraError `PROJECT_NOT_FOUND`. */
export const readProject = async (folder: string): Promise<ProjectReading> => readFound(await readFolder(folder))

export const readFound = async (found: FoundFolder): Promise<ProjectReading> => {
  const problems = [...found.problems, ...findCaseClashes(found.files)]
  const placed = placeAll(found.files, problems)
  const files = new Map<string, ProjectFile>(placed.map(({ path, part }) => [path, { path, part, content: new Uint8Array(), text: '' }]))
  await inBatches(placed, async ({ path, part, absolute }) => {
    const content = await readFile(absolute)
    files.set(path, { path, part, content, text: part === 'resource' ? '' : decode(path, content, problems) })
  })
  const settings = files.get(settingsFile)
  if (settings === undefined) throw new TesseraError('PROJECT_NOT_FOUND', `There is no ${settingsFile} in ${found.directory}.`)
  const parsed = parseSettings(settings.text)
  return { directory: found.directory, settings: parsed.value, files, problems: [...problems, ...parsed.problems], state: found.state }
}

const placeAll = (files: readonly FoundFile[], problems: Problem[]): (FoundFile & { part: FilePart })[] =>
  files.flatMap((file) => {
    const placement = placeFile(file.path)
    if (placement.kind === 'part') return [{ ...file, part: placement.part }]
    if (placement.kind === 'refused') {
      problems.push({ file: file.path, line: 1, column: 1, severity: placement.severity, code: 'unknown-file', message: placement.message })
    }
    return []
  })

const decode = (path: string, content: Uint8Array, problems: Problem[]): string => {
  try {
    return withoutByteOrderMark(new TextDecoder('utf-8', { fatal: true }).decode(content))
  } catch {
    problems.push({ file: path, line: 1, column: 1, severity: 'error', code: 'not-utf8', message: 'this file is not UTF-8 text' })
    return ''
  }
}

const findCaseClashes = (files: readonly FoundFile[]): Problem[] => {
  const first = new Map<string, string>()
  const problems: Problem[] = []
  for (const { path } of files) {
    const key = path.toLowerCase()
    const other = first.get(key)
    if (other === undefined) first.set(key, path)
    else
      problems.push({
        file: path,
        line: 1,
        column: 1,
        severity: 'error',
        code: 'name-clash',
        message: `this name differs from ${other} by case only: some systems take them for one file`,
      })
  }
  return problems
}
