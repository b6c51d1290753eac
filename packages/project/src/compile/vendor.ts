import { builtinModules } from 'node:module'
import { basename } from 'node:path'
import type { Problem } from '@tessera/protocol'
import { type BuildFailure, build, type Message, type Plugin } from 'esbuild'
import type { Installation } from '../installation.ts'
import { sha256 } from '../package/sha256.ts'
import { kitSpecifier } from './source-module.ts'

/** What a half imports from outside the project: by specifier, the names that its modules take. */
export type VendorNeeds = ReadonlyMap<string, ReadonlySet<string>>

export interface VendorInput {
  directory: string
  needs: VendorNeeds
  installation: Installation
}

/** Where the module of a specifier stands in a half. */
export const vendorPath = (specifier: string): string => `vendor/${vendorName(specifier)}.js`

const vendorName = (specifier: string): string => {
  const readable = specifier.replace(/^@/, '').replace(/[^A-Za-z0-9.-]+/g, '-')
  return readable === specifier ? readable : `${readable}-${sha256(specifier).slice(0, 6)}`
}

export interface VendorBundle {
  files: Map<string, Uint8Array>
  problems: Problem[]
}

/**
 * Bundles the packages that a half imports: one module for each specifier, what several share in modules of its own.
 * They are minified, and named by their content, so that neither text nor names tell where they were bundled.
 */
export const bundleVendor = async (input: VendorInput): Promise<VendorBundle> => {
  const specifiers = entriesOf(input.needs)
  if (specifiers.length === 0) return { files: new Map(), problems: [] }
  try {
    const { outputFiles } = await build({
      entryPoints: specifiers.map((specifier) => ({ in: `entry:${specifier}`, out: vendorName(specifier) })),
      absWorkingDir: input.directory,
      outdir: 'vendor',
      bundle: true,
      splitting: true,
      minify: true,
      write: false,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      charset: 'utf8',
      // The notices that licences ask for stay where they stand: collected, they would name paths of this machine.
      legalComments: 'inline',
      chunkNames: 'shared-[hash]',
      logLevel: 'silent',
      tsconfigRaw: {},
      plugins: [entryPlugin(input)],
    })
    return { files: nameByContent(new Map(outputFiles.map((file) => [basename(file.path), withRequire(file.text)]))), problems: [] }
  } catch (cause) {
    if (!isBuildFailure(cause)) throw cause
    return { files: new Map(), problems: cause.errors.map(toProblem) }
  }
}

const isBuildFailure = (cause: unknown): cause is BuildFailure => cause instanceof Error && 'errors' in cause && Array.isArray(cause.errors)

/** Dependencies are not the author's files: what is wrong with them is said of the project as a whole. */
const toProblem = (message: Message): Problem => ({
  file: 'package.json',
  line: 1,
  column: 1,
  severity: 'error',
  code: 'dependency-not-bundled',
  message: message.text.replaceAll(/"(?:\/|[A-Z]:\\)[^"]*[/\\]node_modules[/\\]/g, '"'),
})

const entryPlugin = ({ directory, needs, installation }: VendorInput): Plugin => ({
  name: 'tessera-vendor',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^entry:/ }, ({ path }) => ({ path: path.slice('entry:'.length), namespace: 'tessera-entry' }))
    onResolve({ filter: builtinFilter }, ({ path }) => ({ path: path.startsWith('node:') ? path : `node:${path}`, external: true }))
    onResolve({ filter: /^(?:@tessera|zod)(?:\/|$)/ }, ({ path, importer }) => {
      const found = importer.includes('node_modules') ? null : installation.moduleOf(path)
      return found === null ? undefined : { path: found, sideEffects: false }
    })
    onLoad({ filter: /.*/, namespace: 'tessera-entry' }, ({ path }) => ({
      contents: entryOf(path, needs.get(path) ?? new Set()),
      resolveDir: directory,
      loader: 'js',
    }))
  },
})

const builtinFilter = new RegExp(`^(?:node:.*|${builtinModules.filter((name) => /^[a-z_0-9/]+$/.test(name)).join('|')})$`)

/** zod is far larger than all else: it gets a module of its own, so that what changes beside it stays small. */
const entriesOf = (needs: VendorNeeds): string[] => {
  const kitNames = needs.get(kitSpecifier)
  const takesZod = kitNames !== undefined && (kitNames.has('z') || kitNames.has('*'))
  return [...new Set([...needs.keys(), ...(takesZod ? ['zod'] : [])])].sort()
}

/**
 * Of the kit, a half gets what it takes; zod and the project's own dependencies come whole, so that one more import leaves
 * them as they are. Names are spelled out too: a CommonJS package has none to hand on otherwise.
 */
const entryOf = (specifier: string, names: ReadonlySet<string>): string => {
  const from = JSON.stringify(specifier)
  const spelled = [...names].filter((name) => name !== '*').sort()
  const some = spelled.length === 0 ? '' : `export { ${spelled.join(', ')} } from ${from}\n`
  if (specifier === 'zod') return `export * from ${from}\nexport { default } from ${from}\n`
  return specifier.startsWith(kitSpecifier) && !names.has('*') ? some : `${some}export * from ${from}\n`
}

/** CommonJS packages may ask for Node's own modules at run time, which ES modules give through `createRequire` only. */
const withRequire = (text: string): string =>
  text.includes('Dynamic require of')
    ? `import{createRequire as tesseraCreateRequire}from"node:module";var require=tesseraCreateRequire(import.meta.url);${text}`
    : text

/** esbuild's own hash mixes in where the packages lie on this machine. */
const nameByContent = (texts: ReadonlyMap<string, string>): Map<string, Uint8Array> => {
  const names = new Map<string, string>()
  const shared = [...texts].filter(([name]) => /^shared-[A-Z0-9]{8}\.js$/.test(name))
  const masked = shared
    .map(([name, text]) => ({ name, content: text.replaceAll(/shared-[A-Z0-9]{8}\.js/g, 'shared') }))
    .sort((one, other) => (one.content < other.content ? -1 : 1))
  for (const [at, { name, content }] of masked.entries()) {
    const twin = masked[at - 1]?.content === content || masked[at + 1]?.content === content
    names.set(name, `shared-${sha256(content).slice(0, 10)}${twin ? `-${at}` : ''}.js`)
  }
  const renamed = (text: string): string => text.replaceAll(/shared-[A-Z0-9]{8}\.js/g, (name) => names.get(name) ?? name)
  return new Map([...texts].map(([name, text]) => [`vendor/${renamed(name)}`, Buffer.from(renamed(text))]))
}
