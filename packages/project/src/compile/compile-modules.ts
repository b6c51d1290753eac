import { join } from 'node:path'
import type { Problem } from '@tessera/protocol'
import { build, type Message, type OutputFile, type Plugin } from 'esbuild'
import { sha256 } from '../package/sha256.ts'
import { type GraphModule, type ModuleGraph, outputPath, relativeSpecifier } from './module-graph.ts'
import { vendorPath } from './vendor.ts'

/** One source file's output: the module and its source map. */
export interface CompiledModule {
  code: Uint8Array
  map: Uint8Array
}

/** Compiles the project's modules one by one, and remembers each as long as its text and the places it imports stay the same. */
export interface ModuleCompiler {
  compile(directory: string, graph: ModuleGraph): Promise<{ modules: ReadonlyMap<string, CompiledModule>; problems: Problem[] }>
}

export const createModuleCompiler = (): ModuleCompiler => {
  const known = new Map<string, { key: string; output: CompiledModule }>()
  return {
    compile: async (directory, graph) => {
      for (const path of known.keys()) if (!graph.modules.has(path)) known.delete(path)
      const changed = [...graph.modules.values()]
        .map((module) => ({ module, key: keyOf(module, graph) }))
        .filter(({ module, key }) => known.get(module.path)?.key !== key)
      const { outputs, problems } = await compileAll(
        directory,
        graph,
        changed.map(({ module }) => module),
      )
      for (const { module, key } of changed) {
        const output = outputs.get(module.path)
        if (output === undefined) known.delete(module.path)
        else known.set(module.path, { key, output })
      }
      return { modules: new Map([...known].map(([path, { output }]) => [path, output])), problems }
    },
  }
}

/** The same text may mean another output when a file it imports by a loose name comes or goes. */
const keyOf = ({ path, source }: GraphModule, graph: ModuleGraph): string =>
  sha256(`${source.syntax.text}\0${source.imports.map(({ specifier }) => JSON.stringify(graph.targetOf(path, specifier))).join('\0')}`)

const compileAll = async (
  directory: string,
  graph: ModuleGraph,
  modules: readonly GraphModule[],
): Promise<{ outputs: Map<string, CompiledModule>; problems: Problem[] }> => {
  if (modules.length === 0) return { outputs: new Map(), problems: [] }
  const { outputFiles, errors } = await build({
    entryPoints: modules.map(({ path }) => ({ in: `project:${path}`, out: outputPath(path).slice(0, -'.js'.length) })),
    absWorkingDir: directory,
    outdir: directory,
    bundle: true,
    treeShaking: false,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    charset: 'utf8',
    sourcemap: 'linked',
    logLevel: 'silent',
    legalComments: 'inline',
    tsconfigRaw: { compilerOptions: { target: 'es2023', useDefineForClassFields: true } },
    plugins: [projectPlugin(graph)],
  }).catch((cause: unknown) => ({ outputFiles: [], errors: errorsOf(cause) }))
  const byPath = new Map(outputFiles.map((file) => [file.path, file]))
  const outputs = new Map(modules.flatMap(({ path }) => toOutput(directory, path, byPath)))
  return { outputs, problems: errors.map(toProblem) }
}

const errorsOf = (cause: unknown): Message[] => {
  if (cause instanceof Error && 'errors' in cause && Array.isArray(cause.errors)) return cause.errors
  throw cause
}

const toProblem = ({ text, location }: Message): Problem => ({
  file: location?.file.replace(/^project:/, '') ?? '',
  line: location?.line ?? 1,
  column: (location?.column ?? 0) + 1,
  severity: 'error',
  code: 'compile-error',
  message: text,
})

const toOutput = (directory: string, path: string, files: ReadonlyMap<string, OutputFile>): [string, CompiledModule][] => {
  const code = files.get(join(directory, outputPath(path)))
  const map = files.get(join(directory, `${outputPath(path)}.map`))
  return code === undefined || map === undefined ? [] : [[path, { code: code.contents, map: relocate(map.text, path) }]]
}

/** `sources` are paths in the project; `sourceRoot` leads from the map's own folder back to the project's. */
const relocate = (text: string, path: string): Uint8Array => {
  const map = JSON.parse(text) as { version: number; mappings: string; names: string[]; sourcesContent?: string[] }
  const { version, mappings, names, sourcesContent } = map
  return Buffer.from(JSON.stringify({ version, sourceRoot: '../'.repeat(path.split('/').length - 1), sources: [path], sourcesContent, names, mappings }))
}

/** The files are those that were read and checked, not those on the disk now; nothing that they import is looked into. */
const projectPlugin = (graph: ModuleGraph): Plugin => ({
  name: 'tessera-project',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /.*/ }, ({ path, importer, kind }) =>
      kind === 'entry-point' ? { path: path.slice('project:'.length), namespace: 'project' } : { path: externalPath(graph, importer, path), external: true },
    )
    onLoad({ filter: /.*/, namespace: 'project' }, ({ path }) => ({ contents: graph.modules.get(path)?.source.syntax.text ?? '', loader: 'ts' }))
  },
})

const externalPath = (graph: ModuleGraph, importer: string, specifier: string): string => {
  const target = graph.targetOf(importer, specifier)
  switch (target.kind) {
    case 'builtin':
      return target.specifier
    case 'vendor':
      return relativeSpecifier(importer, vendorPath(target.specifier))
    case 'module':
      return relativeSpecifier(importer, outputPath(target.path))
    case 'resource':
    case 'missing':
      return relativeSpecifier(importer, target.path)
  }
}
