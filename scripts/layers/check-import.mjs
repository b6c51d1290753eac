import { isBuiltin } from 'node:module'
import { findEdge, isOpenToTests, isTestEntry, mustStayWithoutNode } from './table.mjs'

/**
 * @typedef {object} Place what one import is judged by
 * @property {import('../bootstrap/workspace.mjs').WorkspacePackage} from
 * @property {Map<string, import('../bootstrap/workspace.mjs').WorkspacePackage>} byName every package of the workspace
 * @property {boolean} test
 */

/**
 * Judges an import that names a package or a built-in module.
 * @param {Place} place
 * @param {import('./read-imports.mjs').Import} one
 * @returns {string | null} what is wrong
 */
export const checkPackageImport = (place, one) => {
  const name = packageName(one.specifier)
  if (isBuiltin(one.specifier)) return checkBuiltin(place, one)
  const to = place.byName.get(name)
  if (to) return checkExports(to, one) ?? checkLayer(place, to, one) ?? checkDeclared(place, name, one)
  return checkDeclared(place, name, one)
}

const packageName = (specifier) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

const checkBuiltin = ({ from, test }, { specifier }) =>
  mustStayWithoutNode(from.folder) && !test ? `${from.folder} is free of Node, and ${specifier} is Node's` : null

const checkLayer = ({ from, test }, to, { specifier, typeOnly }) => {
  if (to.folder === from.folder) return test ? null : `a package does not import itself by its name (${specifier})`
  if (isTestEntry(specifier) && !test) return `${specifier} is for tests`
  if (test && isOpenToTests(specifier)) return null
  const edge = findEdge(from.folder, to.folder, specifier)
  if (edge === null) return `${from.folder} may not import ${to.folder} (${specifier})`
  return edge === 'types' && !typeOnly ? `${from.folder} may import only types of ${to.folder}: write "import type"` : null
}

const checkExports = (to, { specifier }) => {
  const entry = `.${specifier.slice(to.name.length)}`
  const offered = Object.keys(to.manifest.exports ?? {})
  const matches = (key) => key === entry || (key.includes('*') && entry.startsWith(key.slice(0, key.indexOf('*'))))
  return offered.some(matches) ? null : `${specifier} is inside ${to.folder}, which exports only ${offered.join(', ') || 'nothing'}`
}

const checkDeclared = ({ from, test }, name, { specifier, typeOnly }) => {
  if (name === from.name) return null
  const { dependencies = {}, peerDependencies = {}, devDependencies = {} } = from.manifest
  if (name in dependencies || name in peerDependencies) return null
  const forDevelopment = name in devDependencies || `@types/${name}` in devDependencies
  // Types are gone once compiled: a devDependency is enough for them.
  if (forDevelopment && (test || typeOnly)) return null
  return forDevelopment
    ? `${specifier} is only a devDependency of ${from.folder}, and this is no test`
    : `${specifier} is not declared in ${from.folder}/package.json`
}
