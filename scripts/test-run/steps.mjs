import { buildPackages } from '../bootstrap/build.mjs'
import { runNode } from '../bootstrap/child.mjs'
import { runTurbo } from '../bootstrap/pnpm.mjs'
import { tallyOfStep } from './tally.mjs'

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {string} group what `--only` also takes
 * @property {string} title
 * @property {(packages: string[]) => Promise<import('./tally.mjs').Tally>} run
 */

const program = (name, args) => async () => tallyOfStep(name, (await runNode(args)) === 0)

/** In the order in which they run: what is quick and often wrong comes first. @type {Step[]} */
export const steps = [
  { name: 'build', group: 'build', title: 'build', run: async () => tallyOfStep('build', await buildPackages()) },
  { name: 'layers', group: 'lint', title: 'who may import whom', run: program('layers', ['scripts/check-layers.mjs']) },
  { name: 'rules', group: 'lint', title: 'every rule of SPEC.md has a test', run: program('rules', ['scripts/check-rules.mjs']) },
  {
    name: 'biome',
    group: 'lint',
    title: 'lint and format',
    run: program('biome', ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '--max-diagnostics=100', '.']),
  },
  {
    name: 'types',
    group: 'types',
    title: 'types',
    run: async () => tallyOfStep('types', (await runTurbo(['typecheck', '--only', '--continue', '--output-logs=errors-only', '--concurrency=2'])) === 0),
  },
  { name: 'unit', group: 'unit', title: 'vitest in every package', run: async (packages) => (await import('./unit.mjs')).runUnitTests(packages) },
  { name: 'e2e', group: 'e2e', title: 'a real browser', run: async () => (await import('./end-to-end.mjs')).runEndToEnd() },
]

/**
 * @param {string[]} asked names or groups; all steps where empty
 * @returns {Step[]} the build is always among them
 */
export const chooseSteps = (asked) => {
  const unknown = asked.filter((word) => !steps.some((step) => step.name === word || step.group === word))
  if (unknown.length > 0)
    throw new Error(`there is no step ${unknown.join(', ')}; there are ${[...new Set(steps.flatMap((step) => [step.group, step.name]))].join(', ')}`)
  const needsBuild = asked.length === 0 || asked.some((word) => ['types', 'unit', 'e2e'].includes(word))
  return steps.filter((step) => asked.length === 0 || asked.includes(step.name) || asked.includes(step.group) || (needsBuild && step.name === 'build'))
}
