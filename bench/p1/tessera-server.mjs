import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { protocolVersion } from '@tessera/protocol'

const launcher = fileURLToPath(new URL('../../bin/tessera', import.meta.url))
const startTimeoutMs = 60_000
const stopTimeoutMs = 10_000

const echo = `import { onServer } from '@tessera/kit'

export default onServer((payload: unknown) => payload)
`

/**
 * The shipped server on a new project with one method; Designer has a password, and the load signs in as a user of its own.
 * @returns {Promise<import('./peers.mjs').RunningServer>}
 */
export const startTessera = async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tessera-bench-'))
  // A place of its own for everything that Tessera keeps by user, so that nothing of it meets this user's servers.
  const env = { ...process.env, TESSERA_HOME: join(directory, 'home'), NODE_ENV: 'production' }
  const project = join(directory, 'echo')
  const remove = () => rm(directory, { recursive: true, force: true })
  try {
    await tessera(['new', project], env)
    await writeFile(join(project, 'methods', 'echo.ts'), echo)
    const server = await serve(project, env)
    try {
      const password = randomBytes(18).toString('base64url')
      const dataDirectory = ['--data-dir', join(project, '.tessera')]
      await tessera(['directory', 'add-user', 'load', '--password-stdin', ...dataDirectory], env, `${password}\n`)
      await tessera(['directory', 'set-password', 'Designer', ...dataDirectory], env, `${randomBytes(18).toString('base64url')}\n`)
      const auth = { protocol: protocolVersion, client: 'tessera bench', user: 'load', password }
      return { pid: server.pid, target: { port: server.port, namespace: '/remote', auth }, output: server.output, stop: () => server.stop().then(remove) }
    } catch (error) {
      await server.stop()
      throw error
    }
  } catch (error) {
    await remove()
    throw error
  }
}

/**
 * Runs one command of the CLI.
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {string} [input]
 * @returns {Promise<string>}
 */
const tessera = (args, env, input) =>
  new Promise((resolve, reject) => {
    const child = execFile(process.execPath, [launcher, ...args], { env, timeout: startTimeoutMs }, (error, stdout, stderr) =>
      error === null ? resolve(stdout) : reject(new Error(`tessera ${args.join(' ')}: ${stderr || error.message}`)),
    )
    child.stdin?.end(input ?? '')
  })

/**
 * @param {string} project
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ pid: number, port: number, output: () => string, stop: () => Promise<void> }>}
 */
const serve = (project, env) =>
  new Promise((resolve, reject) => {
    const options = ['serve', project, '--port', '0']
    const child = spawn(process.execPath, [...(process.env['TESSERA_BENCH_NODE_OPTIONS']?.split(' ') ?? []), launcher, ...options], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const gone = new Promise((ended) => child.once('exit', ended))
    const stop = async () => {
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs)
      await gone
      clearTimeout(timer)
    }
    let said = ''
    const fail = (/** @type {string} */ why) => void stop().then(() => reject(new Error(`tessera serve ${why}: ${said.slice(-2000)}`)))
    const timer = setTimeout(() => fail(`was not ready in ${startTimeoutMs} ms`), startTimeoutMs)
    const listen = (/** @type {Buffer} */ piece) => {
      said = `${said}${piece.toString()}`.slice(-10_000)
      const port = /is served at https?:\/\/[^:]+:(\d+)/.exec(said)?.[1]
      if (port === undefined) return
      clearTimeout(timer)
      resolve({ pid: child.pid ?? 0, port: Number(port), output: () => said, stop })
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.once('exit', (code) => {
      clearTimeout(timer)
      fail(`ended with code ${code}`)
    })
  })
