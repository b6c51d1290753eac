import type { DatabaseMethodName } from '@tessera/core'
import type { Problem } from '@tessera/protocol'
import { catalogFile } from './catalog-file.ts'
import { settingsFile } from './settings.ts'

/**
 * What a file is to the project:
 * `method` and `database` run, `lib` is shared by them, `types` only helps the checker, `resource` travels as it is, and
 * `plain` belongs to the author's tools.
 */
export type FilePart = 'method' | 'database' | 'lib' | 'types' | 'resource' | 'settings' | 'roles' | 'catalog' | 'tsconfig' | 'plain'

export type Placement = { kind: 'part'; part: FilePart } | { kind: 'ignored' } | { kind: 'refused'; severity: Problem['severity']; message: string }

export const rolesFile = 'roles.json'
export const tsconfigFile = 'tsconfig.json'

const rootFiles: ReadonlyMap<string, FilePart> = new Map<string, FilePart>([
  [settingsFile, 'settings'],
  [rolesFile, 'roles'],
  [catalogFile, 'catalog'],
  [tsconfigFile, 'tsconfig'],
  ...['package.json', 'README.md', 'LICENSE', 'package-lock.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', 'yarn.lock', 'biome.json', 'turbo.json'].map(
    (name) => [name, 'plain'] as const,
  ),
])

const databaseMethods: ReadonlySet<string> = new Set<DatabaseMethodName>([
  'onStartup',
  'onExit',
  'onServerStartup',
  'onServerShutdown',
  'onServerOpenConnection',
  'onServerCloseConnection',
])

export const isDatabaseMethodName = (name: string): name is DatabaseMethodName => databaseMethods.has(name)

/** Folders and methods that projects of later versions may have. They are refused: ignoring them would hide that they do nothing. */
const notYet: ReadonlyMap<string, string> = new Map([
  ['triggers', 'this server does not publish triggers yet'],
  ['classes', 'this server does not publish data-model classes yet'],
  ['pages', 'this server does not publish pages yet'],
  ['components', 'this server does not publish components yet'],
  ['database/onWebConnection', 'this server does not run onWebConnection yet'],
  ['database/onWebAuthentication', 'this server does not run onWebAuthentication yet'],
])

/** Left behind by systems and editors; a package never holds them. Names that begin with a dot are ignored everywhere. */
const junk = /^(?:\..*|Thumbs\.db|desktop\.ini|node_modules|.*~|#.*#|.*\.(?:swp|swo|orig|bak|tmp))$/i

/** Whether a file or folder of this name is never looked at. */
export const isJunk = (name: string): boolean => junk.test(name)

const part = (of: FilePart): Placement => ({ kind: 'part', part: of })
const refused = (message: string, severity: Problem['severity'] = 'error'): Placement => ({ kind: 'refused', severity, message })

/** Says what a file is, from its path in the project folder. */
export const placeFile = (path: string): Placement => {
  const segments = path.split('/')
  if (segments.some(isJunk)) return { kind: 'ignored' }
  const unportable = segments.map(whyNotPortable).find((why) => why !== null)
  if (unportable) return refused(unportable)
  const [folder = '', ...rest] = segments
  if (rest.length === 0) return placeAtRoot(path)
  const later = notYet.get(folder) ?? notYet.get(path.replace(/\.ts$/, ''))
  if (later !== undefined) return refused(later)
  if (folder === 'resources') return part('resource')
  if (folder === 'methods' || folder === 'lib' || folder === 'database') return placeCode(folder, rest.join('/'))
  return refused(`no package holds the folder ${folder}: this file is left out`, 'warning')
}

const placeAtRoot = (path: string): Placement => {
  const known = rootFiles.get(path)
  return known === undefined ? refused('no package holds this file: it is left out', 'warning') : part(known)
}

const placeCode = (folder: 'methods' | 'lib' | 'database', rest: string): Placement => {
  if (rest.endsWith('.d.ts')) return part('types')
  if (!rest.endsWith('.ts'))
    return refused(
      /\.[cm]?[jt]sx?$/.test(rest)
        ? `code in ${folder}/ is written in .ts files: this one would not run`
        : `${folder}/ holds .ts files: put this file in resources/`,
    )
  if (folder === 'methods') return part('method')
  if (folder === 'lib') return part('lib')
  const name = rest.slice(0, -'.ts'.length)
  return isDatabaseMethodName(name) ? part('database') : refused(`there is no database method ${name}: it would never run (${[...databaseMethods].join(', ')})`)
}

/** The name of a method or database method: its path below its folder, without the extension. */
export const nameOfCode = (path: string): string => path.slice(path.indexOf('/') + 1, -'.ts'.length)

const reserved = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
const notInNames = /[\u0000-\u001f\u007f<>:"|?*\\]/

/** A package is unpacked on other people's machines: a name that some of them cannot have is refused here. */
const whyNotPortable = (name: string): string | null => {
  if (notInNames.test(name)) return `the name "${name}" holds a character that not every system allows in names`
  if (reserved.test(name)) return `the name "${name}" is reserved on Windows`
  if (/[ .]$/.test(name)) return `the name "${name}" ends with a space or a dot, which not every system allows`
  return null
}
