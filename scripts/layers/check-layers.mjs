import { readWorkspace } from '../bootstrap/workspace.mjs'
import { checkPackageImport } from './check-import.mjs'
import { findCycles } from './find-cycles.mjs'
import { insideResolver } from './resolve-inside.mjs'
import { readSourceFiles } from './source-files.mjs'
import { isListed } from './table.mjs'

/** @typedef {{ file: string, line: number, message: string }} Violation */

/**
 * Checks every import of the repository against the table of layers.
 * @param {string} root
 * @returns {{ files: number, imports: number, violations: Violation[] }}
 */
export const checkLayers = (root) => {
  const packages = readWorkspace(root)
  const byName = new Map(packages.map((one) => [one.name, one]))
  const result = { files: 0, imports: 0, violations: [] }
  for (const from of packages) checkPackage({ root, from, byName }, result)
  return result
}

const checkPackage = ({ root, from, byName }, result) => {
  const { folder } = from
  const report = (file, line, message) => result.violations.push({ file, line, message })
  if (!isListed(folder)) report(`${folder}/package.json`, 1, `${folder} stands in no layer: add it to scripts/layers/table.mjs`)
  const resolveInside = insideResolver(root, folder)
  const edges = new Map()
  for (const file of readSourceFiles(root, folder)) {
    const targets = []
    for (const one of file.imports) {
      const inside = resolveInside(file.path, one.specifier)
      const message = inside ? checkInside(folder, file, inside) : checkPackageImport({ from, byName, test: file.test }, one)
      if (message) report(file.path, one.line, message)
      if (inside && !one.typeOnly) targets.push(inside)
    }
    edges.set(file.path, targets)
    result.files += 1
    result.imports += file.imports.length
  }
  for (const cycle of findCycles(edges)) report(cycle[0], 1, `imports go round: ${cycle.join(' -> ')}`)
}

const checkInside = (folder, file, target) => {
  if (!target.startsWith(`${folder}/`)) return `reaches out of ${folder} to ${target}: import a package by its name`
  return !file.test && /\.(test|spec)\.[jt]sx?$/.test(target) ? `imports the test ${target}` : null
}
