import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readWorkspace } from '../bootstrap/workspace.mjs'
import { readSpec } from './read-spec.mjs'
import { readTitles } from './read-titles.mjs'

const specFile = 'packages/core/SPEC.md'
const suiteFolder = 'packages/core/src/contracts/'
const ignoredFolders = new Set(['node_modules', 'dist', 'out', '.next', '.turbo', 'generated', 'fixtures'])

/**
 * Checks that each rule of SPEC.md has a test that is named after it, and that each test named after a rule names one that exists.
 * @param {string} root
 * @returns {{ rules: number, titles: number, offences: import('./read-spec.mjs').Offence[] }}
 */
export const checkRules = (root) => {
  if (!existsSync(join(root, specFile)))
    return { rules: 0, titles: 0, offences: [{ file: specFile, line: 1, message: 'is missing: the rules are read from it' }] }
  const { rules, offences } = readSpec(specFile, readFileSync(join(root, specFile), 'utf8'))
  const titles = readWorkspace(root).flatMap(({ folder }) => readTitlesUnder(root, folder))
  const covered = new Set(titles.filter(({ covers }) => covers).flatMap(({ ids }) => ids))
  for (const { id, line } of rules.values()) {
    if (!covered.has(id)) offences.push({ file: specFile, line, message: `${id} has no test: none that runs has a title that starts with "${id}"` })
  }
  for (const { file, line, ids } of titles) {
    for (const id of ids) if (!rules.has(id)) offences.push({ file, line, message: `the title starts with ${id}, which ${specFile} does not have` })
  }
  return { rules: rules.size, titles: titles.length, offences }
}

const readTitlesUnder = (root, folder) =>
  listTests(root, folder).flatMap((file) => readTitles(file, readFileSync(join(root, file), 'utf8')).map((title) => ({ ...title, file })))

const listTests = (root, folder) =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return ignoredFolders.has(entry.name) ? [] : listTests(root, path)
    return isTest(path) ? [path] : []
  })

/** Suites that hold for several implementations are run by a test of each. */
const isTest = (path) => /\.(test|spec|contract)\.tsx?$/.test(path) || (path.startsWith(suiteFolder) && path.endsWith('.ts'))
