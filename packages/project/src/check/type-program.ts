import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Problem } from '@tessera/protocol'
import type ts from 'typescript'
import { tsconfigFile } from '../folder/layout.ts'
import type { ProjectFile, ProjectReading } from '../folder/load.ts'
import type { Installation } from '../installation.ts'
import { compiler } from '../typescript.ts'

/** The compiler's view of a project at one moment. */
export interface TypedProject {
  program: ts.Program
  checker: ts.TypeChecker
  sourceFileOf(path: string): ts.SourceFile | undefined
  /** What is wrong with the options, and what is wrong everywhere. */
  problems: readonly Problem[]
  problemsOf(path: string): Problem[]
}

/** Declarations that lie outside the project, by path: they do not change while a process runs. */
export type Libraries = Map<string, ts.SourceFile>

/**
 * Reads a project with the compiler, again and again: syntax that an edit does not touch is taken from the time before.
 * TypeScript's own builder is not used: with `isolatedModules` it overlooks the files that use an edited one.
 */
export type TypeProgram = (project: ProjectReading) => TypedProject

/** @param libraries keeps the declarations of libraries, which may be shared by the programs of one process. */
export const createTypeProgram = (installation: Installation, libraries: Libraries): TypeProgram => {
  let program: ts.Program | undefined
  const inside = new Map<string, ts.SourceFile>()
  return (project) => {
    const { directory, files } = project
    const config = readConfig(project, installation)
    const host = createHost({ project, options: config.options, libraries, inside })
    const rootNames = [...files.values()].filter(({ part }) => codeParts.has(part)).map(({ path }) => absoluteOf(directory, path))
    const made = compiler.createProgram({ rootNames, options: config.options, host, ...(program === undefined ? {} : { oldProgram: program }) })
    program = made
    const sourceFileOf = (path: string): ts.SourceFile | undefined => made.getSourceFile(absoluteOf(directory, path))
    return {
      program: made,
      checker: made.getTypeChecker(),
      sourceFileOf,
      problems: [...config.errors, ...made.getOptionsDiagnostics(), ...made.getGlobalDiagnostics()].map((diagnostic) => toProblem(diagnostic, directory)),
      problemsOf: (path) => {
        const source = sourceFileOf(path)
        return source === undefined
          ? []
          : [...made.getSyntacticDiagnostics(source), ...made.getSemanticDiagnostics(source)].map((diagnostic) => toProblem(diagnostic, directory))
      },
    }
  }
}

const codeParts = new Set(['method', 'database', 'lib', 'types'])

/** The compiler wants forward slashes everywhere. */
const absoluteOf = (directory: string, path: string): string => `${directory.replaceAll('\\', '/')}/${path}`

/** The project's own options, and over them what its packer and its isolates count on. */
const readConfig = ({ directory, files }: ProjectReading, installation: Installation): { options: ts.CompilerOptions; errors: readonly ts.Diagnostic[] } => {
  const configPath = absoluteOf(directory, tsconfigFile)
  const { config, error } = compiler.parseConfigFileTextToJson(configPath, files.get(tsconfigFile)?.text ?? '{}')
  const parsed = compiler.parseJsonConfigFileContent({ ...asMembers(config), include: [], files: ['none.ts'] }, compiler.sys, directory, undefined, configPath)
  const types = Object.fromEntries([...installation.typesOf].map(([specifier, path]) => [specifier, [path]]))
  const ownTypes = join(directory, 'node_modules', '@types')
  const options: ts.CompilerOptions = {
    strict: true,
    target: compiler.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts'],
    module: compiler.ModuleKind.NodeNext,
    moduleResolution: compiler.ModuleResolutionKind.NodeNext,
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
    moduleDetection: compiler.ModuleDetectionKind.Force,
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
  libraries: Libraries
  inside: Map<string, ts.SourceFile>
}

/** The project's files come from the reading, so that what is checked is what is packed. */
const createHost = ({ project, options, libraries, inside }: HostInput): ts.CompilerHost => {
  const host = compiler.createCompilerHost(options)
  const texts = new Map([...project.files.values()].flatMap((file) => toText(file, project.directory)))
  const readFromDisk = host.getSourceFile.bind(host)
  const getSourceFile: ts.CompilerHost['getSourceFile'] = (name, target) => {
    const text = texts.get(name)
    if (text !== undefined && name.endsWith('.json')) return compiler.createSourceFile(name, text, target, true, compiler.ScriptKind.JSON)
    if (text !== undefined) return keep(inside, name, (before) => (before?.text === text ? before : parse(name, text, target)))
    return keep(libraries, name, (before) => before ?? readFromDisk(name, target))
  }
  return {
    ...host,
    getSourceFile,
    fileExists: (name) => texts.has(name) || host.fileExists(name),
    readFile: (name) => texts.get(name) ?? host.readFile(name),
    getCurrentDirectory: () => project.directory,
    writeFile: () => undefined,
  }
}

const toText = ({ path, part, text, content }: ProjectFile, directory: string): [string, string][] => {
  if (codeParts.has(part)) return [[absoluteOf(directory, path), text]]
  return part === 'resource' && path.endsWith('.json') ? [[absoluteOf(directory, path), new TextDecoder().decode(content)]] : []
}

type MakeSource = (before: ts.SourceFile | undefined) => ts.SourceFile | undefined

const keep = (known: Map<string, ts.SourceFile>, name: string, make: MakeSource): ts.SourceFile | undefined => {
  const source = make(known.get(name))
  if (source !== undefined) known.set(name, source)
  return source
}

/** Packages hold ES modules, whatever the project's package.json says or does not say. */
const parse = (name: string, text: string, target: ts.ScriptTarget | ts.CreateSourceFileOptions): ts.SourceFile => {
  const options = typeof target === 'object' ? target : { languageVersion: target }
  return compiler.createSourceFile(name, text, { ...options, impliedNodeFormat: compiler.ModuleKind.ESNext }, true)
}

const toProblem = (diagnostic: ts.Diagnostic, directory: string): Problem => {
  const { file, start = 0, category } = diagnostic
  const place = file === undefined ? { line: 0, character: 0 } : file.getLineAndCharacterOfPosition(start)
  return {
    file: file === undefined ? tsconfigFile : withoutFolder(file.fileName, directory),
    line: place.line + 1,
    column: place.character + 1,
    severity: category === compiler.DiagnosticCategory.Warning ? 'warning' : 'error',
    code: 'type-error',
    message: withoutFolder(compiler.flattenDiagnosticMessageText(diagnostic.messageText, '\n'), directory),
  }
}

const withoutFolder = (text: string, directory: string): string => text.replaceAll(`${directory.replaceAll('\\', '/')}/`, '')
