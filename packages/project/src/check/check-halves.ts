import type { Problem } from '@tessera/protocol'
import { type GraphModule, importsOf, isOnServerMethod, isServerDatabaseMethod, type LocatedImport, type ModuleGraph } from '../compile/module-graph.ts'
import { problemAt } from './spot.ts'

type Finding = Pick<Problem, 'severity' | 'code' | 'message'>

const at = ({ path, source }: GraphModule, offset: number, finding: Finding): Problem => problemAt({ path, source: source.syntax, offset }, finding)

/** What is wrong with how modules are made and how they reach each other, from their syntax alone. */
export const checkHalves = (graph: ModuleGraph): Problem[] => [...checkExports(graph), ...checkImports(graph), ...checkClientCode(graph)]

const checkExports = (graph: ModuleGraph): Problem[] =>
  [...graph.modules.values()]
    .filter(({ part, source }) => part !== 'lib' && source.defaultExport === 'none')
    .map((module) =>
      at(module, 0, {
        severity: 'error',
        code: 'missing-default-export',
        message: `a ${module.part === 'method' ? 'method' : 'database method'} is the default export of its file: this one has none`,
      }),
    )

const checkImports = (graph: ModuleGraph): Problem[] => [
  ...[...importsOf(graph, graph.modules.keys())].flatMap(({ module, imported, target }) => {
    if (target.kind !== 'missing') return []
    const message = `${imported.specifier} names nothing that a package holds: modules are in methods/, lib/ and database/, data is in resources/`
    return [at(module, imported.offset, { severity: 'error', code: 'import-not-found', message })]
  }),
  ...[...graph.modules.values()].flatMap((module) =>
    module.source.computedImports.map((offset) =>
      at(module, offset, {
        severity: 'error',
        code: 'computed-import',
        message: 'an import of a computed name cannot be followed into the package: write its name as a plain text',
      }),
    ),
  ),
]

/** The promise that server code never leaves the server stands on this: whatever could carry it to a client is an error. */
const checkClientCode = (graph: ModuleGraph): Problem[] => [
  ...[...importsOf(graph, graph.client.keys())].flatMap((located) => {
    const message = whyNotOnClient(graph, located)
    return message === null ? [] : [at(located.module, located.imported.offset, { severity: 'error', code: 'server-code-in-client', message })]
  }),
  ...[...graph.client.keys()].flatMap((path) => checkOnServerUses(graph, path)),
]

const whyNotOnClient = (graph: ModuleGraph, { imported, target }: LocatedImport): string | null => {
  const module = target.kind === 'module' ? graph.modules.get(target.path) : undefined
  if (module === undefined) return null
  if (isServerDatabaseMethod(module)) return `this module runs on clients, and ${module.path} never leaves the server`
  const other = isOnServerMethod(module) ? imported.names.find((name) => name !== 'default' && name !== '*') : undefined
  return other === undefined
    ? null
    : `this module runs on clients, where ${module.path} is only a call: its export ${other} stays on the server (types are imported with "import type")`
}

/** onServer hides code from clients only where it makes the default export of a method, in a way that can be seen. */
const checkOnServerUses = (graph: ModuleGraph, path: string): Problem[] => {
  const module = graph.modules.get(path)
  const [offset] = module?.source.onServerUses ?? []
  if (module === undefined || offset === undefined) return []
  const brought = graph.client.get(path) ?? path
  const how = module.part === 'method' ? 'write "export default onServer(...)"' : `it is imported by ${brought}: put it in a method of its own`
  return [at(module, offset, { severity: 'error', code: 'server-code-in-client', message: `onServer is used in code that goes to clients: ${how}` })]
}
