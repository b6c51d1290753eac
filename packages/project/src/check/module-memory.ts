import type { Problem } from '@tessera/protocol'
import type { GraphModule, ModuleGraph } from '../compile/module-graph.ts'
import { tsconfigFile } from '../folder/layout.ts'
import type { ProjectReading } from '../folder/load.ts'
import { sha256 } from '../package/sha256.ts'

export interface ModuleRule {
  /** Changes whenever what is found may change. */
  keyOf(module: GraphModule): string
  find(module: GraphModule): Problem[]
}

/** Remembers what a rule found in each module. */
export const createModuleMemory = () => {
  let known = new Map<string, { key: string; problems: Problem[] }>()
  return {
    find: (modules: Iterable<GraphModule>, { keyOf, find }: ModuleRule): Problem[] => {
      const next: typeof known = new Map()
      for (const module of modules) {
        const key = keyOf(module)
        const before = known.get(module.path)
        next.set(module.path, before?.key === key ? before : { key, problems: find(module) })
      }
      known = next
      return [...known.values()].flatMap(({ problems }) => problems)
    },
  }
}

/** Makes the key of a module's types: its own text, the texts of all it imports, however far, and what every module depends on. */
export const createTypesKey = ({ files }: ProjectReading, graph: ModuleGraph): ((module: GraphModule) => string) => {
  const around = [...files.values()]
    .filter(({ part, path }) => part === 'types' || part === 'plain' || path === tsconfigFile)
    .map(({ path, text }) => `${path}\0${text}`)
  const aroundDigest = sha256(around.join('\0'))
  const digests = new Map<string, string>()
  const digestOf = (path: string): string => {
    const digest = digests.get(path) ?? sha256(files.get(path)?.content ?? '')
    digests.set(path, digest)
    return digest
  }
  return ({ path }) => [aroundDigest, ...[...reachedFrom(path, graph)].map((reached) => `${reached}\0${digestOf(reached)}`)].join('\0')
}

const reachedFrom = (path: string, graph: ModuleGraph): ReadonlySet<string> => {
  const reached = new Set([path])
  for (const importer of reached) {
    for (const specifier of graph.modules.get(importer)?.source.specifiers ?? []) {
      const target = graph.targetOf(importer, specifier)
      if (target.kind === 'module' || target.kind === 'resource') reached.add(target.path)
    }
  }
  return reached
}
