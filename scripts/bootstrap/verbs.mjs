import { buildPackages } from './build.mjs'
import { runNode } from './child.mjs'
import { installDependencies } from './install.mjs'
import { secondsSince } from './progress.mjs'

const server = 'apps/server/dist/main.js'

/** @type {Record<string, (args: string[]) => Promise<number>>} */
const verbs = {
  start: (args) => prepared(() => runNode([server, 'demo', ...args])),
  dev: (args) => prepared(() => runNode([server, 'dev', 'examples/shop', ...args])),
  bench: (args) => prepared(() => runNode(['bench/main.mjs', ...args])),
  build: (args) => prepared(async () => 0, { force: args.includes('--force') }),
  test: async (args) => (await import('../test-run/run-tests.mjs')).runTests(args),
}

/**
 * @param {string} verb
 * @param {string[]} args
 */
export const runVerb = async (verb, args) => {
  if (Object.hasOwn(verbs, verb)) {
    process.exitCode = await verbs[verb](args)
  } else {
    console.error(`tessera: unknown verb ${verb}; there are ${Object.keys(verbs).join(', ')}`)
    process.exitCode = 2
  }
}

const prepared = async (then, options) => {
  const startedAt = performance.now()
  if (!(await installDependencies()) || !(await buildPackages(options))) return 1
  console.error(`tessera: ready after ${secondsSince(startedAt)}`)
  return then()
}
