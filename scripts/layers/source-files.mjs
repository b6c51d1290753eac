import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readImports } from './read-imports.mjs'

const ignoredFolders = new Set(['node_modules', 'dist', 'out', '.next', '.turbo', '.tessera', 'generated', 'test-results', 'playwright-report', 'fixtures'])
const isSource = /\.[mc]?[jt]sx?$/
const wholeFolders = /^(e2e|bench|examples\/.*)$/
const isTest = /\.(test|spec)\.[mc]?[jt]sx?$|(^|\/)test\//

/**
 * @typedef {object} SourceFile
 * @property {string} path from the root of the repository, with forward slashes
 * @property {boolean} test a test, or code that only tests use: it may use devDependencies
 * @property {import('./read-imports.mjs').Import[]} imports
 */

/**
 * The files of one package whose imports count. Configuration beside `src` is the build's, not the program's.
 * @param {string} root
 * @param {string} folder
 * @returns {SourceFile[]}
 */
export const readSourceFiles = (root, folder) => {
  const places = wholeFolders.test(folder) ? [folder] : ['src', 'app', 'test'].map((name) => `${folder}/${name}`)
  return places.flatMap((place) => listSources(root, place)).map((path) => readSourceFile(root, folder, path))
}

const readSourceFile = (root, folder, path) => ({
  path,
  // The behaviour suites are tests that other packages run: they stand in src so that they can be exported.
  test: isTest.test(path.slice(folder.length)) || path.startsWith('packages/core/src/contracts/') || folder === 'e2e' || folder === 'bench',
  imports: readImports(path, readFileSync(join(root, path), 'utf8')),
})

const listSources = (root, place) => {
  if (!existsSync(join(root, place))) return []
  return readdirSync(join(root, place), { withFileTypes: true }).flatMap((entry) => {
    const path = `${place}/${entry.name}`
    if (entry.isDirectory()) return ignoredFolders.has(entry.name) ? [] : listSources(root, path)
    return isSource.test(entry.name) && !entry.name.endsWith('.d.ts') ? [path] : []
  })
}
