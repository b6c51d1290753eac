import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const folders = ['packages', 'apps', 'examples']
const singles = ['e2e', 'bench']

/**
 * @typedef {object} WorkspacePackage
 * @property {string} folder path from the root, with forward slashes: `packages/core`
 * @property {string} name as its package.json says
 * @property {any} manifest the parsed package.json
 */

/**
 * Every package of the workspace, in a stable order.
 * @param {string} root
 * @returns {WorkspacePackage[]}
 */
export const readWorkspace = (root) => {
  const inside = folders.flatMap((folder) => listFolders(join(root, folder)).map((name) => `${folder}/${name}`))
  return [...inside, ...singles].filter((folder) => existsSync(join(root, folder, 'package.json'))).map((folder) => readPackage(root, folder))
}

const listFolders = (path) => {
  if (!existsSync(path)) return []
  const entries = readdirSync(path, { withFileTypes: true })
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
}

const readPackage = (root, folder) => {
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
  return { folder, name: manifest.name ?? folder, manifest }
}
