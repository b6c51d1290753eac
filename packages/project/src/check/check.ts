import { parseRoles } from '@tessera/core'
import { type Problem, TesseraError } from '@tessera/protocol'
import type { GraphModule, ModuleGraph } from '../compile/module-graph.ts'
import { catalogFile, checkCatalog } from '../folder/catalog-file.ts'
import { rolesFile } from '../folder/layout.ts'
import type { ProjectReading } from '../folder/load.ts'
import type { Installation } from '../installation.ts'
import { createTimetable } from '../schedule/timetable.ts'
import { checkDatabaseMethod } from './check-database-method.ts'
import { checkHalves } from './check-halves.ts'
import { checkModuleState } from './check-module-state.ts'
import { checkSchedules } from './check-schedules.ts'
import { checkServerMethod } from './check-server-method.ts'
import { createModuleMemory, createTypesKey } from './module-memory.ts'
import { createTypeProgram, type Libraries, type TypedProject } from './type-program.ts'

/** Everything that is wrong with a project, in order of file, line and column. */
export type Checker = (project: ProjectReading, graph: ModuleGraph) => Problem[]

/** Checks one project again and again: what an edit cannot have changed is remembered. */
export const createChecker = (installation: Installation, libraries: Libraries): Checker => {
  const typeProgram = createTypeProgram(installation, libraries)
  const timetable = createTimetable()
  const state = createModuleMemory()
  const types = createModuleMemory()
  return (project, graph) => {
    const typed = typeProgram(project)
    const keyOf = createTypesKey(project, graph)
    const problems = [
      ...project.problems,
      ...checkRoles(project),
      ...checkCatalogFile(project),
      ...checkSchedules(project, timetable),
      ...checkHalves(graph),
      ...typed.problems,
      ...[...project.files.values()].filter(({ part }) => part === 'types').flatMap(({ path }) => typed.problemsOf(path)),
      ...types.find(graph.modules.values(), { keyOf, find: (module) => checkTypes(module, typed) }),
      ...state.find(serverModules(graph), { keyOf: ({ source }) => source.syntax.text, find: checkModuleState }),
    ]
    return problems.sort(byPlace)
  }
}

const serverModules = (graph: ModuleGraph): GraphModule[] => [...graph.modules.values()].filter(({ path }) => graph.server.has(path))

const checkTypes = (module: GraphModule, typed: TypedProject): Problem[] => [
  ...typed.problemsOf(module.path),
  ...checkServerMethod(module, typed),
  ...checkDatabaseMethod(module, typed),
]

export const isError = ({ severity }: Problem): boolean => severity === 'error'

const byPlace = (one: Problem, other: Problem): number =>
  one.file === other.file ? one.line - other.line || one.column - other.column : one.file < other.file ? -1 : 1

const checkRoles = ({ files }: ProjectReading): readonly Problem[] => {
  const roles = files.get(rolesFile)
  if (roles === undefined) return []
  try {
    return parseRoles(roles.text, rolesFile).warnings
  } catch (cause) {
    if (cause instanceof TesseraError && cause.problems !== undefined) return cause.problems
    throw cause
  }
}

const checkCatalogFile = ({ files }: ProjectReading): readonly Problem[] => {
  const catalog = files.get(catalogFile)
  return catalog === undefined ? [] : checkCatalog(catalog.text).problems
}
