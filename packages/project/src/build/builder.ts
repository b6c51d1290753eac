import { type Problem, TesseraError } from '@tessera/protocol'
import { createChecker, isError } from '../check/check.ts'
import type { Libraries } from '../check/type-program.ts'
import { createCompiler } from '../compile/compile.ts'
import { type ProjectReading, readFound } from '../folder/load.ts'
import { readFolder } from '../folder/read-folder.ts'
import { findInstallation } from '../installation.ts'
import { type Pack, packHalves } from '../package/pack.ts'
import { createGraphReader } from './read-graph.ts'

export type BuildStep = 'read' | 'check' | 'compile' | 'pack'

/** Told as a build goes on: what it does now, and how much of the whole is done (0..1). */
export type OnProgress = (step: BuildStep, fraction: number) => void

export interface Build {
  pack: Pack
  warnings: readonly Problem[]
  /** The folder's state that the package was made from. */
  state: string
}

/** Checks and builds one project folder, again and again: what did not change since the time before is not done again. */
export interface Builder {
  check(): Promise<Problem[]>
  /**
   * Gives the folder's package; the one of the time before while nothing in the folder changed.
   * @throws TesseraError `PROJECT_NOT_FOUND`; `PROJECT_INVALID` with all problems.
   */
  build(onProgress?: OnProgress): Promise<Build>
}

export const createBuilder = (directory: string, libraries: Libraries = new Map()): Builder => {
  const installation = findInstallation()
  const readGraph = createGraphReader()
  const findProblems = createChecker(installation, libraries)
  const compiler = createCompiler(installation)
  let last: Build | undefined
  return {
    check: async () => {
      const project = await readFound(await readFolder(directory))
      return findProblems(project, readGraph(project))
    },
    build: async (onProgress = () => undefined) => {
      onProgress('read', 0)
      const found = await readFolder(directory)
      if (last?.state === found.state) return last
      const project = await readFound(found)
      onProgress('check', 0.1)
      const graph = readGraph(project)
      const problems = findProblems(project, graph)
      const { settings } = project
      if (settings === null || problems.some(isError)) throw invalid(project, problems)
      onProgress('compile', 0.6)
      const { halves, problems: broken } = await compiler.compile({ ...project, settings }, graph)
      if (halves === null) throw invalid(project, [...broken, ...problems])
      onProgress('pack', 0.9)
      last = { pack: packHalves(halves), warnings: problems, state: project.state }
      onProgress('pack', 1)
      return last
    },
  }
}

const invalid = ({ settings }: ProjectReading, problems: readonly Problem[]): TesseraError => {
  const errors = problems.filter(isError)
  const [first] = errors
  const named = settings === null ? 'The project' : `The project ${settings.name}`
  const where = first === undefined ? '' : `: ${first.file}:${first.line}:${first.column} ${first.message}`
  return new TesseraError('PROJECT_INVALID', `${named} has ${errors.length === 1 ? 'an error' : `${errors.length} errors`}${where}`, { problems })
}
