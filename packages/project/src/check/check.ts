import { parseRoles } from '@tessera/core'
import { type Problem, TesseraError } from '@tessera/protocol'
import type { ModuleGraph } from '../compile/module-graph.ts'
import { catalogFile, checkCatalog } from '../folder/catalog-file.ts'
import { rolesFile } from '../folder/layout.ts'
import type { ProjectReading } from '../folder/load.ts'
import { checkDatabaseMethods } from './check-database-methods.ts'
import { checkHalves } from './check-halves.ts'
import { checkModuleState } from './check-module-state.ts'
import { checkServerMethods } from './check-server-methods.ts'
import type { TypeProgram } from './type-program.ts'

/** Everything that is wrong with a project, in order of file, line and column. */
export const findProblems = (project: ProjectReading, graph: ModuleGraph, typeProgram: TypeProgram): Problem[] => {
  const typed = typeProgram(project)
  const problems = [
    ...project.problems,
    ...checkRoles(project),
    ...checkCatalogFile(project),
    ...checkHalves(graph),
    ...typed.problems,
    ...checkServerMethods(graph, typed),
    ...checkDatabaseMethods(graph, typed),
    ...checkModuleState(graph),
  ]
  return problems.sort(byPlace)
}

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
