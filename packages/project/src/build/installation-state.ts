import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** The folders whose files decide what a build gives, and the libraries whose version does. */
const own = ['@tessera/project', '@tessera/kit', '@tessera/protocol', '@tessera/core']
const libraries = ['typescript', 'esbuild', 'zod', 'fflate']

/** Changes whenever the programs that check and compile projects do, or the kit that goes into packages. */
export const installationState = (): string => {
  const from = createRequire(import.meta.url)
  const hash = createHash('sha256').update(process.version)
  for (const name of own) addFolder(hash, dirname(from.resolve(name)))
  for (const name of libraries) hash.update(readFileSync(from.resolve(`${name}/package.json`)))
  return hash.digest('hex')
}

const addFolder = (hash: ReturnType<typeof createHash>, folder: string): void => {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((one, other) => (one.name < other.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) addFolder(hash, path)
    else if (entry.name.endsWith('.js')) {
      const { size, mtimeMs } = statSync(path)
      hash.update(`${entry.name}\0${size}\0${mtimeMs}\n`)
    }
  }
}
