import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const web = fileURLToPath(new URL('../../web/', import.meta.url))
const next = `${web}node_modules/next/dist/bin/next`

/** True in a clone of Tessera, false where it is installed. */
export const hasConsoleSources = (): boolean => existsSync(`${web}next.config.ts`) && existsSync(next)

/** Serves the console with `next dev`, which hands `/trpc` and `/live` on to the server. Answers how to stop it. */
export const startDevConsole = ({ port, backend }: { port: string; backend: string }): (() => Promise<void>) => {
  const child = spawn(process.execPath, [next, 'dev', '--port', port], {
    cwd: web,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, TESSERA_BACKEND: backend, NEXT_TELEMETRY_DISABLED: '1' },
  })
  return async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
}
