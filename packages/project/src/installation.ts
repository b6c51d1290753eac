import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/**
 * Where this installation keeps what every project gets without installing anything: the kit, zod through it, and the
 * types of Node. No path of it ever enters a package.
 */
export interface Installation {
  kitVersion: string
  /** Absolute path of the module that a specifier of the kit, of what it is made of, or of zod stands for; null for any other. */
  moduleOf(specifier: string): string | null
  /** The same for its declarations. */
  typesOf: ReadonlyMap<string, string>
  /** Folder that holds the types of Node. */
  typeRoot: string
}

const kitEntries = ['@tessera/kit', '@tessera/kit/client']

export const findInstallation = (): Installation => {
  const own = createRequire(import.meta.url)
  const kit = own.resolve('@tessera/kit')
  const fromKit = createRequire(kit)
  const kitFolder = dirname(dirname(kit))
  return {
    kitVersion: readVersion(join(kitFolder, 'package.json')),
    moduleOf: (specifier) => {
      if (kitEntries.includes(specifier)) return own.resolve(specifier)
      if (specifier === '@tessera/protocol') return fromKit.resolve(specifier)
      return /^zod(?:\/|$)/.test(specifier) ? resolveAsModule(fromKit, specifier) : null
    },
    typesOf: new Map([
      ['@tessera/kit', kit.replace(/\.js$/, '.d.ts')],
      ['zod', join(dirname(fromKit.resolve('zod/package.json')), 'index.d.ts')],
    ]),
    typeRoot: dirname(dirname(own.resolve('@types/node/package.json'))),
  }
}

/** `require.resolve` gives zod's CommonJS twin: its ES module stands beside it. */
const resolveAsModule = (from: NodeJS.Require, specifier: string): string => from.resolve(specifier).replace(/\.cjs$/, '.js')

const readVersion = (path: string): string => {
  const manifest: unknown = JSON.parse(readFileSync(path, 'utf8'))
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '0.0.0'
}
