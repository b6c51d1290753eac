import type { Problem } from '@tessera/protocol'
import { catalogFile } from '../folder/catalog-file.ts'
import { isDatabaseMethodName, nameOfCode, rolesFile } from '../folder/layout.ts'
import type { Project } from '../folder/load.ts'
import type { Installation } from '../installation.ts'
import { databaseMethodNames, type PackInput } from '../package/pack.ts'
import { sha256 } from '../package/sha256.ts'
import { type CompiledModule, createModuleCompiler } from './compile-modules.ts'
import { type GraphModule, importsOf, isOnServerMethod, type ModuleGraph, outputPath, relativeSpecifier } from './module-graph.ts'
import { bundleVendor, type VendorBundle, type VendorNeeds, vendorPath } from './vendor.ts'

export interface Compiler {
  /** Compiles a project into the two halves of its package; null with problems, where it cannot. */
  compile(project: Project, graph: ModuleGraph): Promise<{ halves: PackInput | null; problems: Problem[] }>
}

type Files = Map<string, Uint8Array>

const clientKit = '@tessera/kit/client'

export const createCompiler = (installation: Installation): Compiler => {
  const compiler = createModuleCompiler()
  const bundleServer = createVendorBundler(installation)
  const bundleClient = createVendorBundler(installation)
  return {
    compile: async (project, graph) => {
      const { directory, settings } = project
      const [compiled, serverVendor, clientVendor] = await Promise.all([
        compiler.compile(directory, graph),
        bundleServer(project, serverNeeds(graph)),
        bundleClient(project, clientNeeds(graph)),
      ])
      const problems = [
        ...new Map([...compiled.problems, ...serverVendor.problems, ...clientVendor.problems].map((problem) => [JSON.stringify(problem), problem])).values(),
      ]
      if (problems.length > 0) return { halves: null, problems }
      const half = { project, graph, compiled: compiled.modules }
      const halves = {
        project: settings.name,
        publication: settings.publication,
        kit: installation.kitVersion,
        clientRange: settings.clientRange,
        databaseMethods: databaseMethodNames.filter((name) => graph.modules.has(`database/${name}.ts`)),
        execution: settings.execution,
        schedules: [...settings.schedules],
        callLog: settings.callLog,
        server: serverHalf(half, serverVendor.files),
        client: clientHalf(half, clientVendor.files),
      }
      return { halves, problems: [] }
    },
  }
}

/** Packages are bundled again only when other ones, or other names of them, are used: an edit of the project leaves them. */
const createVendorBundler = (installation: Installation): ((project: Project, needs: VendorNeeds) => Promise<VendorBundle>) => {
  let last: { key: string; bundle: VendorBundle } | undefined
  return async (project, needs) => {
    const wanted = [...needs].map(([specifier, names]) => [specifier, ...[...names].sort()]).sort()
    const installed = [...project.files.values()].filter(({ part }) => part === 'plain').map(({ text }) => text)
    const key = sha256(JSON.stringify([project.directory, wanted, installed]))
    if (last?.key === key) return last.bundle
    const bundle = await bundleVendor({ directory: project.directory, needs, installation })
    last = bundle.problems.length === 0 ? { key, bundle } : undefined
    return bundle
  }
}

interface Half {
  project: Project
  graph: ModuleGraph
  compiled: ReadonlyMap<string, CompiledModule>
}

const serverHalf = ({ project, graph, compiled }: Half, vendor: Files): Files => {
  const files = startHalf(project, [...graph.modules.values()])
  for (const [path, content] of vendor) files.set(path, content)
  for (const path of graph.modules.keys()) addModule(files, path, compiled)
  for (const name of [rolesFile, catalogFile]) {
    const file = project.files.get(name)
    if (file !== undefined) files.set(name, Buffer.from(file.text))
  }
  return files
}

/** Only what a client runs: of a server method its name, of everything else on the server nothing at all. */
const clientHalf = ({ project, graph, compiled }: Half, vendor: Files): Files => {
  const methods = [...graph.modules.values()].filter((module) => module.part === 'method')
  const started = ['database/onStartup.ts', 'database/onExit.ts'].flatMap((path) => graph.modules.get(path) ?? [])
  const files = startHalf(project, [...methods, ...started])
  for (const [path, content] of vendor) files.set(path, content)
  for (const path of graph.client.keys()) addModule(files, path, compiled)
  for (const { path } of methods.filter(isOnServerMethod)) files.set(outputPath(path), stubOf(path))
  return files
}

/** What both halves have: resources, the list of what can be run, and the mark that their files are ES modules. */
const startHalf = (project: Project, modules: readonly GraphModule[]): Files => {
  const files: Files = new Map([['package.json', Buffer.from('{"type":"module"}\n')]])
  for (const { path, part, content } of project.files.values()) if (part === 'resource') files.set(path, content)
  const methods = modules.filter(({ part }) => part === 'method').map(entryOf)
  const database = modules.filter(({ path, part }) => part === 'database' && isDatabaseMethodName(nameOfCode(path))).map(entryOf)
  files.set('index.json', Buffer.from(JSON.stringify({ format: 1, project: project.settings.name, methods, database })))
  return files
}

const entryOf = ({ path }: GraphModule): { name: string; file: string } => ({ name: nameOfCode(path), file: outputPath(path) })

const addModule = (files: Files, path: string, compiled: ReadonlyMap<string, CompiledModule>): void => {
  const module = compiled.get(path)
  if (module === undefined) return
  files.set(outputPath(path), module.code)
  files.set(`${outputPath(path)}.map`, module.map)
}

const stubOf = (path: string): Uint8Array =>
  Buffer.from(
    `import { callsServer } from ${JSON.stringify(relativeSpecifier(path, vendorPath(clientKit)))}\nexport default callsServer(${JSON.stringify(nameOfCode(path))})\n`,
  )

const serverNeeds = (graph: ModuleGraph): VendorNeeds => vendorNeeds(graph, graph.modules.keys(), [])

const clientNeeds = (graph: ModuleGraph): VendorNeeds =>
  vendorNeeds(graph, graph.client.keys(), [...graph.modules.values()].some(isOnServerMethod) ? [clientKit] : [])

const vendorNeeds = (graph: ModuleGraph, paths: Iterable<string>, always: readonly string[]): VendorNeeds => {
  const needs = new Map<string, Set<string>>(always.map((specifier) => [specifier, new Set(['callsServer'])]))
  for (const { imported, target } of importsOf(graph, paths)) {
    if (target.kind !== 'vendor') continue
    const names = needs.get(target.specifier) ?? new Set<string>()
    for (const name of imported.names) names.add(name)
    needs.set(target.specifier, names)
  }
  return needs
}
