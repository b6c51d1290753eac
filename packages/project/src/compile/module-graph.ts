import { builtinModules } from 'node:module'
import { posix } from 'node:path'
import type { FilePart } from '../folder/layout.ts'
import type { ModuleImport, SourceModule } from './source-module.ts'

export interface GraphModule {
  path: string
  part: FilePart
  source: SourceModule
}

export type ImportTarget =
  | { kind: 'module'; path: string }
  | { kind: 'resource'; path: string }
  | { kind: 'builtin'; specifier: string }
  | { kind: 'vendor'; specifier: string }
  | { kind: 'missing'; path: string }

/** The project's modules and how they reach each other. */
export interface ModuleGraph {
  modules: ReadonlyMap<string, GraphModule>
  targetOf(importer: string, specifier: string): ImportTarget
  /** The modules that run on a client, each with the one that brought it there (itself, for those that start). */
  client: ReadonlyMap<string, string>
  /** The modules that may run inside the server, shared by its sessions. */
  server: ReadonlySet<string>
}

export const isOnServerMethod = ({ part, source }: GraphModule): boolean => part === 'method' && source.defaultExport === 'onServer'

const clientDatabaseMethods = new Set(['database/onStartup.ts', 'database/onExit.ts'])

/** Database methods of the server: their code never leaves it. */
export const isServerDatabaseMethod = ({ part, path }: GraphModule): boolean => part === 'database' && !clientDatabaseMethods.has(path)

const startsOnClient = (module: GraphModule): boolean => clientDatabaseMethods.has(module.path) || (module.part === 'method' && !isOnServerMethod(module))

export const buildModuleGraph = (modules: ReadonlyMap<string, GraphModule>, resources: ReadonlySet<string>): ModuleGraph => {
  const targetOf = (importer: string, specifier: string): ImportTarget => resolveImport({ importer, specifier, modules, resources })
  const follow = (starts: readonly GraphModule[], goesOn: (module: GraphModule) => boolean): Map<string, string> => {
    const reached = new Map(starts.map(({ path }) => [path, path]))
    for (const [path] of reached) {
      for (const { specifier } of modules.get(path)?.source.imports ?? []) {
        const target = targetOf(path, specifier)
        const module = target.kind === 'module' ? modules.get(target.path) : undefined
        if (module !== undefined && !reached.has(module.path) && goesOn(module)) reached.set(module.path, path)
      }
    }
    return reached
  }
  const all = [...modules.values()]
  return {
    modules,
    targetOf,
    client: follow(all.filter(startsOnClient), (module) => !isOnServerMethod(module) && !isServerDatabaseMethod(module)),
    server: new Set(
      follow(
        all.filter((module) => module.part === 'method' || isServerDatabaseMethod(module)),
        () => true,
      ).keys(),
    ),
  }
}

interface Resolution {
  importer: string
  specifier: string
  modules: ReadonlyMap<string, GraphModule>
  resources: ReadonlySet<string>
}

const builtins = new Set(builtinModules)

const resolveImport = ({ importer, specifier, modules, resources }: Resolution): ImportTarget => {
  if (specifier.startsWith('node:') || builtins.has(specifier))
    return { kind: 'builtin', specifier: specifier.startsWith('node:') ? specifier : `node:${specifier}` }
  if (!/^\.{0,2}\//.test(specifier) && specifier !== '.' && specifier !== '..') return { kind: 'vendor', specifier }
  const path = posix.normalize(posix.join(posix.dirname(importer), specifier)).normalize('NFC')
  const candidates = [path, path.replace(/\.js$/, '.ts'), `${path}.ts`, `${path}/index.ts`]
  const found = specifier.startsWith('/') ? undefined : candidates.find((candidate) => modules.has(candidate))
  if (found !== undefined) return { kind: 'module', path: found }
  return resources.has(path) ? { kind: 'resource', path } : { kind: 'missing', path }
}

/** How one file of a half names another in an import. */
export const relativeSpecifier = (from: string, to: string): string => {
  const relative = posix.relative(posix.dirname(from), to)
  return relative.startsWith('.') ? relative : `./${relative}`
}

export const outputPath = (path: string): string => path.replace(/\.ts$/, '.js')

export interface LocatedImport {
  module: GraphModule
  imported: ModuleImport
  target: ImportTarget
}

/** Every import of the given modules, resolved. */
export function* importsOf(graph: ModuleGraph, paths: Iterable<string>): Generator<LocatedImport> {
  for (const path of paths) {
    const module = graph.modules.get(path)
    if (module === undefined) continue
    for (const imported of module.source.imports) yield { module, imported, target: graph.targetOf(path, imported.specifier) }
  }
}
