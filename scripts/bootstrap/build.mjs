import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { digestSources, readStamp, writeStamp } from './digest.mjs'
import { runTurbo } from './pnpm.mjs'
import { startProgress } from './progress.mjs'
import { cacheFolder, repositoryRoot } from './repository.mjs'
import { readWorkspace } from './workspace.mjs'

const stampFile = `${cacheFolder}/built`
const sources = ['packages', 'apps', 'package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', 'tsconfig.base.json', 'turbo.json']

/**
 * Builds every package, unless nothing changed since the last build that went well.
 * @param {{ force?: boolean }} [options]
 * @returns {Promise<boolean>}
 */
export const buildPackages = async ({ force = false } = {}) => {
  // Taken before the build: what is saved while it runs belongs to the next one.
  const digest = digestSources(repositoryRoot, sources)
  if (!force && readStamp(stampFile) === digest && outputsExist(repositoryRoot)) return true
  const progress = startProgress('build')
  const log = []
  const onLine = (line) => {
    log.push(line)
    progress.note(line)
  }
  const concurrency = `--concurrency=${Math.max(1, availableParallelism())}`
  const code = await runTurbo(['build', '--output-logs=errors-only', concurrency, ...(force ? ['--force'] : [])], { onLine })
  progress.end(code === 0 ? 'done' : 'failed')
  if (code === 0) writeStamp(stampFile, digest)
  else for (const line of log) console.error(`  ${line}`)
  return code === 0
}

/**
 * Whether every file that a package.json promises is there.
 * @param {string} root
 */
export const outputsExist = (root) =>
  readWorkspace(root).every(({ folder, manifest }) => promisedFiles(folder, manifest).every((file) => existsSync(join(root, file))))

const promisedFiles = (folder, manifest) => {
  const exported = Object.values(manifest.exports ?? {}).map((target) => (typeof target === 'string' ? target : target.default))
  const built = exported.filter((target) => target?.startsWith('./dist/') && !target.includes('*')).map((target) => `${folder}/${target.slice(2)}`)
  if (folder === 'apps/server') return [...built, 'apps/server/dist/main.js']
  return folder === 'apps/web' ? ['apps/web/out'] : built
}
