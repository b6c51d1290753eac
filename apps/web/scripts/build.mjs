// The static export, then what the server needs beside it.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const next = createRequire(import.meta.url).resolve('next/dist/bin/next')
const precompress = fileURLToPath(new URL('precompress.mjs', import.meta.url))
// A build tells nobody outside about itself.
const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1' }

for (const args of [[next, 'build'], [precompress]]) {
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit', env })
  if (status !== 0) process.exit(status ?? 1)
}
