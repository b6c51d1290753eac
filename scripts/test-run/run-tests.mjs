import { parseArgs } from 'node:util'
import { installDependencies } from '../bootstrap/install.mjs'
import { secondsSince } from '../bootstrap/progress.mjs'
import { chooseSteps } from './steps.mjs'
import { addTallies, skipsAsFailures, summaryLine, tallyOfStep } from './tally.mjs'

const usage = 'usage: npm test -- [--only lint|types|unit|e2e|<step>]... [--package NAME]...'

/**
 * Runs every step, also after one that failed, and prints as its last line `N passed, N failed, N skipped`.
 * @param {string[]} args
 * @returns {Promise<number>} exit code
 */
export const runTests = async (args) => {
  const startedAt = performance.now()
  const chosen = parseArguments(args)
  if (!chosen) return 2
  const installed = await installDependencies()
  const tally = installed ? await runSteps(chosen) : tallyOfStep('install', false)
  const verdict = process.env.TESSERA_REQUIRE_SERVICES === '1' ? skipsAsFailures(tally) : tally
  console.log(`\n== all steps took ${secondsSince(startedAt)}`)
  for (const name of verdict.skipped) console.log(`skipped: ${name}`)
  for (const name of verdict.failed) console.log(`failed: ${name}`)
  console.log(summaryLine(verdict))
  return verdict.failed.length > 0 ? 1 : 0
}

const parseArguments = (args) => {
  try {
    const { values } = parseArgs({ args, options: { only: { type: 'string', multiple: true }, package: { type: 'string', multiple: true } } })
    const split = (lists) => (lists ?? []).flatMap((list) => list.split(','))
    return { steps: chooseSteps(split(values.only)), packages: split(values.package) }
  } catch (error) {
    console.error(`tessera: ${error.message}\n${usage}`)
    return null
  }
}

const runSteps = async ({ steps, packages }) => {
  const tallies = []
  for (const step of steps) {
    const startedAt = performance.now()
    console.log(`\n== ${step.name}: ${step.title}`)
    const tally = await runStep(step, packages)
    console.log(`== ${step.name}: ${summaryLine(tally)}, ${secondsSince(startedAt)}`)
    tallies.push(tally)
  }
  return addTallies(tallies)
}

const runStep = async (step, packages) => {
  try {
    return await step.run(packages)
  } catch (error) {
    console.log(error)
    return tallyOfStep(`${step.name}: ${error.message}`, false)
  }
}
