import { existsSync, readFileSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'
import ts from 'typescript'

const endings = ['', '.ts', '.tsx', '.mts', '.mjs', '.js', '/index.ts', '/index.tsx']

/**
 * Finds the file of the same repository that a specifier names: relative, or through `paths` of the package's tsconfig.
 * @param {string} root
 * @param {string} folder of the importing package
 * @returns {(path: string, specifier: string) => string | null} the path from the root, ending guessed where it is left out; null where
 *   the specifier is a package's
 */
export const insideResolver = (root, folder) => {
  const aliases = readAliases(root, folder)
  return (path, specifier) => {
    if (specifier.startsWith('.')) return findFile(root, posix.join(posix.dirname(path), specifier))
    const alias = aliases.find(({ prefix }) => specifier.startsWith(prefix))
    return alias ? findFile(root, posix.join(folder, alias.target, specifier.slice(alias.prefix.length))) : null
  }
}

const readAliases = (root, folder) => {
  const path = join(root, folder, 'tsconfig.json')
  if (!existsSync(path)) return []
  const { config } = ts.parseConfigFileTextToJson(path, readFileSync(path, 'utf8'))
  const { paths = {}, baseUrl = '.' } = config?.compilerOptions ?? {}
  return Object.entries(paths)
    .filter(([pattern]) => pattern.endsWith('/*'))
    .map(([pattern, [target]]) => ({ prefix: pattern.slice(0, -1), target: posix.join(baseUrl, target.slice(0, -1)) }))
}

const findFile = (root, path) => {
  const bare = path.replace(/\.js(x?)$/, '')
  const candidates = [...endings.map((ending) => path + ending), `${bare}.ts`, `${bare}.tsx`]
  return candidates.find((candidate) => statSync(join(root, candidate), { throwIfNoEntry: false })?.isFile()) ?? path
}
