import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterEach, beforeEach } from 'vitest'
import { FakeServer } from './fake-server.ts'

const kit = pathToFileURL(createRequire(import.meta.url).resolve('@tessera/kit')).href
const kitOfClients = pathToFileURL(createRequire(import.meta.url).resolve('@tessera/kit/client')).href

/** The files of a client half as the packer writes them: an index and one module per source file. */
export const half = (startup: string, exit = "console.log('onExit')", methods: Record<string, string> = {}): Record<string, string> => ({
  'index.json': JSON.stringify({
    format: 1,
    project: 'Test',
    methods: Object.keys(methods).map((name) => ({ name, file: `methods/${name}.js` })),
    database: ['onStartup', 'onExit'].map((name) => ({ name, file: `database/${name}.js` })),
  }),
  'database/onStartup.js': `import { remote, session, sessionInfo, storedProcedures } from ${JSON.stringify(kit)}\n${startup}\n`,
  ...Object.fromEntries(
    Object.entries(methods).map(([name, code]) => [`methods/${name}.js`, `import { callsServer } from ${JSON.stringify(kitOfClients)}\n${code}\n`]),
  ),
  'database/onExit.js': `import { remote } from ${JSON.stringify(kit)}\nexport default async () => {\n${exit}\n}\n`,
})

/** One `tessera connect`, in a process of its own. */
export class Client {
  output = ''
  readonly exitCode: Promise<number | null>
  readonly #child: ChildProcess
  #waiting: { text: string; resolve: () => void }[] = []

  constructor(options: Record<string, unknown>) {
    const launcher = fileURLToPath(new URL('./launch.mjs', import.meta.url))
    this.#child = spawn(process.execPath, [launcher, JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [this.#child.stdout, this.#child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => this.#heard(text))
    this.exitCode = new Promise((resolve) => this.#child.once('close', resolve))
  }

  /** Resolves once the text was written; rejects where the client ends before. */
  says(text: string): Promise<void> {
    if (this.output.includes(text)) return Promise.resolve()
    const said = new Promise<void>((resolve) => this.#waiting.push({ text, resolve }))
    const ended = this.exitCode.then(() => Promise.reject(new Error(`never said "${text}" but: ${this.output}`)))
    return Promise.race([said, ended])
  }

  /** As `ps` names the states of its processes: `T` is one that is stopped. */
  states(): string[] {
    const { pid } = this.#child
    const lines = execFileSync('ps', ['-o', 'stat=', '-p', String(pid), '--ppid', String(pid)], { encoding: 'utf8' })
    return lines
      .trim()
      .split('\n')
      .map((line) => line.trim().slice(0, 1))
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name)
  }

  #heard(text: string): void {
    this.output += text
    for (const { resolve } of this.#waiting.filter((waiting) => this.output.includes(waiting.text))) resolve()
  }
}

/** A server and a package cache for each test, and clients that are ended with it. */
export const eachWithServer = () => {
  const place = { server: undefined as unknown as FakeServer, cacheDir: '', clients: [] as Client[], start }
  function start(options: Record<string, unknown> = {}): Client {
    const client = new Client({ address: place.server.address, cacheDirectory: place.cacheDir, stdio: 'pipe', ...options })
    place.clients.push(client)
    return client
  }
  beforeEach(async () => {
    place.server = await FakeServer.start()
    place.cacheDir = mkdtempSync(join(tmpdir(), 'tessera-remote-'))
  })
  afterEach(async () => {
    for (const client of place.clients.splice(0)) {
      client.signal('SIGKILL')
      await client.exitCode
    }
    await place.server.stop()
    makeWritable(place.cacheDir)
    rmSync(place.cacheDir, { recursive: true, force: true })
  })
  return place
}

const makeWritable = (folder: string): void => {
  chmodSync(folder, 0o755)
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) makeWritable(path)
  }
}
