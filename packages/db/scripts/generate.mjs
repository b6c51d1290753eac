// Writes the Prisma client to src/generated, without any download.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const room = fileURLToPath(new URL('..', import.meta.url))
const cli = path.join(path.dirname(createRequire(import.meta.url).resolve('prisma/package.json')), 'build/index.js')
const { status } = spawnSync(process.execPath, [cli, 'generate', '--schema', 'prisma', '--no-hints'], {
  cwd: room,
  stdio: 'inherit',
  env: {
    ...process.env,
    CHECKPOINT_DISABLE: '1',
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    PRISMA_SCHEMA_ENGINE_BINARY: process.env.PRISMA_SCHEMA_ENGINE_BINARY ?? path.join(room, 'scripts/no-engine.mjs'),
  },
})
if (status === 0) withoutGlobalDirname(path.join(room, 'src/generated/sqlite/client.ts'))
process.exitCode = status ?? 1

/**
 * The client sets a global `__dirname` that it does not need, and libraries made for both kinds of module ask whether
 * there is one: they would look for their files in Prisma's folder.
 */
function withoutGlobalDirname(file) {
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replace(/^globalThis\['__dirname'\] = .*$/m, ''))
}
