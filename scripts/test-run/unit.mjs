import { mkdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { runNode } from '../bootstrap/child.mjs'
import { cacheFolder, repositoryRoot } from '../bootstrap/repository.mjs'
import { readWorkspace } from '../bootstrap/workspace.mjs'
import { readReport, tallyOfVitest } from './read-reports.mjs'
import { addTallies, tallyOfStep, withRunnerVerdict } from './tally.mjs'

const reportFolder = `${cacheFolder}/reports`
const ownTests = { folder: 'scripts', name: 'scripts', manifest: { scripts: { test: 'vitest run' } } }

/**
 * Runs vitest in one package after the other: on a small machine that is no slower than two at once, and times stay honest.
 * @param {string[]} asked names or folders; all packages where empty
 * @returns {Promise<import('./tally.mjs').Tally>}
 */
export const runUnitTests = async (asked) => {
  const packages = [...readWorkspace(repositoryRoot).filter(shouldHaveTests), ownTests]
  const unknown = asked.filter((word) => !packages.some(isCalled(word)))
  if (unknown.length > 0) return tallyOfStep(`unit: no package is called ${unknown.join(', ')}`, false)
  const tallies = []
  for (const one of packages) if (asked.length === 0 || asked.some((word) => isCalled(word)(one))) tallies.push(await runPackageTests(one))
  return addTallies(tallies)
}

/** The script `true` says that a folder is driven by another runner; examples are projects, not packages. */
const shouldHaveTests = ({ folder, manifest }) => !folder.startsWith('examples/') && manifest.scripts?.test !== 'true'

const isCalled =
  (word) =>
  ({ folder, name }) =>
    [name, folder, folder.split('/').at(-1)].includes(word)

const runPackageTests = async ({ folder, name, manifest }) => {
  console.log(`\n-- ${folder}`)
  const [command, ...args] = (manifest.scripts?.test ?? '').split(/\s+/)
  if (command !== 'vitest') return tallyOfStep(`${name}: package.json has no script "test" that starts vitest`, false)
  const report = `${reportFolder}/${folder.replaceAll('/', '-')}.json`
  mkdirSync(reportFolder, { recursive: true })
  rmSync(report, { force: true })
  const cwd = join(repositoryRoot, folder)
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`, '--allowOnly=false', '--passWithNoTests=false']
  const exitCode = await runNode([findVitest(cwd), ...args, ...reporters], { cwd })
  return withRunnerVerdict(name, tallyOfVitest(name, readReport(report)), exitCode)
}

const findVitest = (folder) => join(dirname(createRequire(join(folder, 'package.json')).resolve('vitest/package.json')), 'vitest.mjs')
