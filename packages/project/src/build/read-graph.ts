import { buildModuleGraph, type GraphModule, type ModuleGraph } from '../compile/module-graph.ts'
import { parseSourceModule, type SourceModule } from '../compile/source-module.ts'
import type { ProjectFile, ProjectReading } from '../folder/load.ts'

/** Gives the module graph of a project; a file whose text did not change is not parsed again. */
export const createGraphReader = (): ((project: ProjectReading) => ModuleGraph) => {
  let known = new Map<string, SourceModule>()
  return ({ files }) => {
    const all = [...files.values()]
    const modules = new Map<string, GraphModule>(
      all.filter(isModule).map((file) => [file.path, { path: file.path, part: file.part, source: read(known, file) }]),
    )
    known = new Map([...modules].map(([path, { source }]) => [path, source]))
    return buildModuleGraph(modules, new Set(all.filter(({ part }) => part === 'resource').map(({ path }) => path)))
  }
}

const isModule = ({ part }: ProjectFile): boolean => part === 'method' || part === 'database' || part === 'lib'

const read = (known: ReadonlyMap<string, SourceModule>, { path, text }: ProjectFile): SourceModule => {
  const before = known.get(path)
  return before?.syntax.text === text ? before : parseSourceModule(path, text)
}
