import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { digestContents, readStamp, writeStamp } from './digest.mjs'
import { runPnpm } from './pnpm.mjs'
import { startProgress } from './progress.mjs'
import { cacheFolder, repositoryRoot } from './repository.mjs'
import { readWorkspace } from './workspace.mjs'

const stampFile = `${cacheFolder}/installed`
const nativeBinary = 'packages/db/node_modules/better-sqlite3/build/Release/better_sqlite3.node'
const keptLines = 40

/** Installs what package.json files and lock file ask for, unless exactly that is installed. @returns {Promise<boolean>} */
export const installDependencies = async () => {
  const digest = wantedDigest()
  if (existsSync(`${repositoryRoot}/node_modules/.modules.yaml`) && readStamp(stampFile) === digest) return true
  const progress = startProgress('install')
  const log = []
  const onLine = (line) => {
    log.push(line)
    progress.note(line)
  }
  const code = await runPnpm(['install', '--frozen-lockfile', '--prefer-offline', '--reporter=append-only'], { onLine })
  const works = code === 0 && existsSync(join(repositoryRoot, nativeBinary))
  progress.end(works ? 'done' : 'failed')
  if (works) writeStamp(stampFile, digest)
  else explainFailure(log, code)
  return works
}

/** The Node ABI belongs to it: the compiled database driver of one major does not load in another. */
const wantedDigest = () => {
  const manifests = readWorkspace(repositoryRoot).map(({ folder }) => `${folder}/package.json`)
  const files = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...manifests]
  return digestContents(repositoryRoot, files, [process.platform, process.arch, process.versions.modules])
}

const explainFailure = (log, code) => {
  for (const line of log.slice(-keptLines)) console.error(`  ${line}`)
  if (code !== 0 && !/better-sqlite3.*(fail|error)|gyp ERR/i.test(log.join('\n'))) return
  console.error('tessera: better-sqlite3 has no ready-made binary for this machine, and compiling it here failed.')
  console.error('tessera: it needs a compiler, make and Python. On Debian or Ubuntu: apt-get install -y build-essential python3')
}
