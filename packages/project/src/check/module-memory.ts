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

/** What the types of every module depend on, whatever it imports. */
export const typesAround = ({ files }: ProjectReading): string =>
  sha256(
    [...files.values()]
      .filter(({ part, path }) => part === 'types' || part === 'plain' || path === tsconfigFile)
      .map(({ path, text }) => `${path}\0${text}`)
      .join('\0'),
  )

/** The texts that a module's types are made of: its own, and those of all it imports, however far. */
export const typesKey = (graph: ModuleGraph, module: GraphModule, around: string): string => {
  const reached = new Set([module.path])
  for (const path of reached) {
    for (const specifier of graph.modules.get(path)?.source.specifiers ?? []) {
      const target = graph.targetOf(path, specifier)
      if (target.kind === 'module') reached.add(target.path)
    }
  }
  return sha256([around, ...[...reached].map((path) => `${path}\0${graph.modules.get(path)?.source.syntax.text ?? ''}`)].join('\0'))
}
