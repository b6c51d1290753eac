import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const launcher = fileURLToPath(new URL('../../bin/tessera', import.meta.url))
const startTimeoutMs = 60_000
const stopTimeoutMs = 20_000

/**
 * @typedef {object} LaunchedTessera
 * @property {number} pid
 * @property {() => string} output the last that it printed
 * @property {Promise<number>} served its port, once it lets clients in; rejects with what it printed
 * @property {() => Promise<void>} stop asks it to stop, and waits
 * @property {() => Promise<void>} kill SIGKILL: it writes nothing more
 */

/**
 * A new project with methods of its own, in a place of its own: nothing of it meets this user's servers.
 * @typedef {object} TesseraProject
 * @property {string} project its folder
 * @property {string} directory a folder for whatever belongs to it; it is removed as well
 * @property {(args: string[], input?: string) => Promise<string>} command runs one command of the CLI
 * @property {(options?: { args?: string[], nodeOptions?: string[] }) => LaunchedTessera} launch the shipped server on it
 * @property {() => Promise<void>} remove
 */

/**
 * @param {Readonly<Record<string, string>>} methods their sources by name
 * @returns {Promise<TesseraProject>}
 */
export const layOutProject = async (methods) => {
  const directory = await mkdtemp(join(tmpdir(), 'tessera-bench-'))
  const env = { ...process.env, TESSERA_HOME: join(directory, 'home'), NODE_ENV: 'production' }
  const project = join(directory, 'fixture')
  const remove = () => rm(directory, { recursive: true, force: true })
  const command = (/** @type {string[]} */ args, /** @type {string} */ input = '') => runCommand({ args, env, input })
  try {
    await command(['new', project])
    for (const [name, source] of Object.entries(methods)) await writeFile(join(project, 'methods', `${name}.ts`), source)
  } catch (error) {
    await remove()
    throw error
  }
  return {
    project,
    directory,
    command,
    remove,
    launch: ({ args = [], nodeOptions = [] } = {}) => launch({ project, args, nodeOptions, env }),
  }
}

/**
 * @param {{ args: string[], env: NodeJS.ProcessEnv, input: string }} what
 * @returns {Promise<string>}
 */
const runCommand = ({ args, env, input }) =>
  new Promise((resolve, reject) => {
    const child = execFile(process.execPath, [launcher, ...args], { env, timeout: startTimeoutMs }, (error, stdout, stderr) =>
      error === null ? resolve(stdout) : reject(new Error(`tessera ${args.join(' ')}: ${stderr || error.message}`)),
    )
    child.stdin?.end(input)
  })

/**
 * @param {{ project: string, args: string[], nodeOptions: string[], env: NodeJS.ProcessEnv }} what
 * @returns {LaunchedTessera}
 */
const launch = ({ project, args, nodeOptions, env }) => {
  const asked = process.env['TESSERA_BENCH_NODE_OPTIONS']?.split(' ') ?? []
  const child = spawn(process.execPath, [...asked, ...nodeOptions, launcher, 'serve', project, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const gone = new Promise((ended) => child.once('exit', ended))
  let said = ''
  const kill = async () => {
    child.kill('SIGKILL')
    await gone
  }
  const stop = async () => {
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs)
    await gone
    clearTimeout(timer)
  }
  /** @type {Promise<number>} */
  const served = new Promise((resolve, reject) => {
    const fail = (/** @type {string} */ why) => void kill().then(() => reject(new Error(`tessera serve ${why}: ${said.slice(-2000)}`)))
    const timer = setTimeout(() => fail(`was not ready in ${startTimeoutMs} ms`), startTimeoutMs)
    const listen = (/** @type {Buffer} */ piece) => {
      said = `${said}${piece.toString()}`.slice(-10_000)
      const port = /is served at https?:\/\/[^:]+:(\d+)/.exec(said)?.[1]
      if (port === undefined) return
      clearTimeout(timer)
      resolve(Number(port))
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.once('exit', (code, signal) => {
      clearTimeout(timer)
      fail(`ended (${code ?? signal})`)
    })
  })
  // Whoever only kills it does not ask whether it ever served.
  served.catch(() => undefined)
  return { pid: child.pid ?? 0, output: () => said, served, stop, kill }
}
