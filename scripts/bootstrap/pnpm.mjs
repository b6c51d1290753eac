import { readFileSync } from 'node:fs'
import { runChild } from './child.mjs'
import { repositoryRoot } from './repository.mjs'

/**
 * Runs the pnpm that package.json pins, whatever is installed on this machine.
 * @param {string[]} args
 * @param {import('./child.mjs').ChildOptions} [options]
 */
export const runPnpm = (args, options) => {
  const { packageManager } = JSON.parse(readFileSync(`${repositoryRoot}/package.json`, 'utf8'))
  // CI keeps pnpm from asking whether it may replace node_modules: nobody is there to answer through a pipe.
  const env = { CI: process.env.CI ?? '1', npm_config_update_notifier: 'false', ...options?.env }
  return runChild('npx', ['-y', packageManager, ...args], { ...options, env })
}

/**
 * Runs turbo, which wants pnpm on its PATH: hence through pnpm. Loose, because the strict mode would hide our environment
 * from the tools, the switches that keep them from phoning home among it.
 * @param {string[]} args
 * @param {import('./child.mjs').ChildOptions} [options]
 */
export const runTurbo = (args, options) => runPnpm(['exec', 'turbo', 'run', '--env-mode=loose', ...args], options)
