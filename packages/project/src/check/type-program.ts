import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Problem } from '@tessera/protocol'
import ts from 'typescript'
import { tsconfigFile } from '../folder/layout.ts'
import type { ProjectReading } from '../folder/load.ts'
import type { Installation } from '../installation.ts'

/** The compiler's view of a project at one moment. */
export interface TypedProject {
  program: ts.Program
  checker: ts.TypeChecker
  sourceFileOf(path: string): ts.SourceFile | undefined
  problems: readonly Problem[]
}

/** Type-checks a project, again and again: what an edit does not touch is taken from the time before. */
export type TypeProgram = (project: ProjectReading) => TypedProject

export const createTypeProgram = (installation: Installation): TypeProgram => {
  let builder: ts.SemanticDiagnosticsBuilderProgram | undefined
  const outside = new Map<string, ts.SourceFile>()
  const inside = new Map<string, ts.SourceFile>()
  return (project) => {
    const { directory, files } = project
    const config = readConfig(project, installation)
    const host = createHost({ project, options: config.options, outside, inside })
    const rootNames = [...files.values()].filter(({ part }) => codeParts.has(part)).map(({ path }) => absoluteOf(directory, path))
    builder = ts.createSemanticDiagnosticsBuilderProgram(rootNames, config.options, host, builder)
    const program = builder.getProgram()
    const found = [...config.errors, ...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics()]
    for (const name of rootNames) {
      const source = program.getSourceFile(name)
      if (source !== undefined) found.push(...program.getSyntacticDiagnostics(source), ...builder.getSemanticDiagnostics(source))
    }
    return {
      program,
      checker: program.getTypeChecker(),
      sourceFileOf: (path) => program.getSourceFile(absoluteOf(directory, path)),
      problems: found.map((diagnostic) => toProblem(diagnostic, directory)),
    }
  }
}

const codeParts = new Set(['method', 'database', 'lib', 'types'])

/** The compiler wants forward slashes everywhere. */
const absoluteOf = (directory: string, path: string): string => `${directory.replaceAll('\\', '/')}/${path}`

/** The project's own options, and over them what its packer and its isolates count on. */
const readConfig = ({ directory, files }: ProjectReading, installation: Installation): { options: ts.CompilerOptions; errors: readonly ts.Diagnostic[] } => {
  const configPath = absoluteOf(directory, tsconfigFile)
  const { config, error } = ts.parseConfigFileTextToJson(configPath, files.get(tsconfigFile)?.text ?? '{}')
  const parsed = ts.parseJsonConfigFileContent({ ...asMembers(config), include: [], files: ['none.ts'] }, ts.sys, directory, undefined, configPath)
  const types = Object.fromEntries([...installation.typesOf].map(([specifier, path]) => [specifier, [path]]))
  const ownTypes = join(directory, 'node_modules', '@types')
  const options: ts.CompilerOptions = {
    strict: true,
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    ...parsed.options,
    noEmit: true,
    composite: false,
    incremental: false,
    declaration: false,
    declarationMap: false,
    skipLibCheck: true,
    isolatedModules: true,
    verbatimModuleSyntax: true,
    allowImportingTsExtensions: true,
    resolveJsonModule: true,
    moduleDetection: ts.ModuleDetectionKind.Force,
    paths: { ...parsed.options.paths, ...types },
    types: [...new Set([...(parsed.options.types ?? []), 'node'])],
    typeRoots: [...(parsed.options.typeRoots ?? []), ...(existsSync(ownTypes) ? [ownTypes] : []), installation.typeRoot],
  }
  for (const name of ['rootDir', 'outDir', 'tsBuildInfoFile', 'emitDeclarationOnly', 'rewriteRelativeImportExtensions', 'configFilePath']) delete options[name]
  return { options, errors: error === undefined ? parsed.errors : [error] }
}

const asMembers = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {})

interface HostInput {
  project: ProjectReading
  options: ts.CompilerOptions
  /** Declarations of libraries, which do not change while this process runs. */
  outside: Map<string, ts.SourceFile>
  inside: Map<string, ts.SourceFile>
}

/** The project's files come from the reading, so that what is checked is what is packed. */
const createHost = ({ project, options, outside, inside }: HostInput): ts.CompilerHost => {
  const host = ts.createCompilerHost(options)
  const texts = new Map(
    [...project.files.values()].filter(({ part }) => codeParts.has(part)).map(({ path, text }) => [absoluteOf(project.directory, path), text]),
  )
  const readFromDisk = host.getSourceFile.bind(host)
  const getSourceFile: ts.CompilerHost['getSourceFile'] = (name, target) => {
    const text = texts.get(name)
    if (text !== undefined) return keep(inside, name, (before) => (before?.text === text ? before : parse(name, text, target)))
    return keep(outside, name, (before) => before ?? withVersion(readFromDisk(name, target)))
  }
  return {
    ...host,
    getSourceFile,
    fileExists: (name) => texts.has(name) || host.fileExists(name),
    readFile: (name) => texts.get(name) ?? host.readFile(name),
    getCurrentDirectory: () => project.directory,
    createHash: hash,
    writeFile: () => undefined,
  }
}

const hash = (text: string): string => ts.sys.createHash?.(text) ?? text

type MakeSource = (before: ts.SourceFile | undefined) => ts.SourceFile | undefined

const keep = (known: Map<string, ts.SourceFile>, name: string, make: MakeSource): ts.SourceFile | undefined => {
  const source = make(known.get(name))
  if (source !== undefined) known.set(name, source)
  return source
}

/** Packages hold ES modules, whatever the project's package.json says or does not say. */
const parse = (name: string, text: string, target: ts.ScriptTarget | ts.CreateSourceFileOptions): ts.SourceFile | undefined => {
  const options = typeof target === 'object' ? target : { languageVersion: target }
  return withVersion(ts.createSourceFile(name, text, { ...options, impliedNodeFormat: ts.ModuleKind.ESNext }, true))
}

/** The builder tells changed files by their version. */
const withVersion = (source: ts.SourceFile | undefined): ts.SourceFile | undefined =>
  source === undefined ? undefined : Object.assign(source, { version: hash(source.text) })

const toProblem = (diagnostic: ts.Diagnostic, directory: string): Problem => {
  const { file, start = 0, category } = diagnostic
  const place = file === undefined ? { line: 0, character: 0 } : file.getLineAndCharacterOfPosition(start)
  return {
    file: file === undefined ? tsconfigFile : withoutFolder(file.fileName, directory),
    line: place.line + 1,
    column: place.character + 1,
    severity: category === ts.DiagnosticCategory.Warning ? 'warning' : 'error',
    code: 'type-error',
    message: withoutFolder(ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'), directory),
  }
}

const withoutFolder = (text: string, directory: string): string => text.replaceAll(`${directory.replaceAll('\\', '/')}/`, '')
