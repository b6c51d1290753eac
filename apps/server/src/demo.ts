import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RunningTessera } from './start-server.ts'

/** Who shops in the demo: users of the directory, with passwords made at each start. */
const people = ['Ana', 'Bruno', 'Carmen', 'Diego', 'Elena', 'Farid', 'Greta', 'Hugo', 'Ines', 'Jonas', 'Keiko', 'Luis']

const launcher = fileURLToPath(new URL('../../../bin/tessera', import.meta.url))

/** Simulated clients: operating-system processes that download the client half and run it. */
export class DemoClients {
  readonly #server: RunningTessera
  readonly #outbox: string
  readonly #passwords: string
  readonly #children = new Set<ChildProcess>()
  #stopped = false

  constructor(server: RunningTessera, dataDirectory: string) {
    this.#server = server
    this.#outbox = join(dataDirectory, 'project', 'outbox')
    this.#passwords = join(dataDirectory, 'demo-clients.json')
  }

  /** Signs the people up, turns access control on, and starts so many clients, each as soon as it can sign in. */
  async start(count: number): Promise<void> {
    await this.#closeOpenDoor()
    const known = this.#readPasswords()
    const names = Array.from({ length: count }, (_, index) => nameOf(index))
    await Promise.all(
      names.map(async (name) => {
        const password = known.get(name) ?? (await this.#signUp(name))
        known.set(name, password)
        writeFileSync(this.#passwords, JSON.stringify([...known]), { mode: 0o600 })
        if (!this.#stopped) this.#launch(name, password)
      }),
    )
  }

  async stop(): Promise<void> {
    this.#stopped = true
    const gone = [...this.#children].map((child) => new Promise((resolve) => child.once('exit', resolve)))
    for (const child of this.#children) child.kill('SIGTERM')
    await Promise.all(gone)
  }

  async #signUp(name: string): Promise<string> {
    const { engine } = this.#server
    const password = randomBytes(18).toString('base64url')
    const exists = (await engine.reads.users()).some((user) => user.name === name)
    if (exists) await engine.dispatch('directory.setPassword', { name, password }, { kind: 'system' })
    else await engine.dispatch('directory.addUser', { name, password, groups: [] }, { kind: 'system' })
    return password
  }

  /** Those of an earlier start, so that the next one need not hash them again. */
  #readPasswords(): Map<string, string> {
    try {
      return new Map(JSON.parse(readFileSync(this.#passwords, 'utf8')) as [string, string][])
    } catch {
      return new Map()
    }
  }

  /** Without a password for Designer everybody would be Designer (4d.md DIR-02), and no name would be seen. */
  async #closeOpenDoor(): Promise<void> {
    const { engine } = this.#server
    const designer = (await engine.reads.users())[0]
    if (designer?.hasPassword !== true)
      await engine.dispatch('directory.setPassword', { name: 'Designer', password: randomBytes(24).toString('base64url') }, { kind: 'system' })
  }

  #launch(name: string, password: string): void {
    const child = spawn(
      process.execPath,
      [launcher, 'connect', this.#server.url, '--user', name, '--password-stdin', '--user-param', `simulate:${this.#outbox}`],
      {
        stdio: ['pipe', 'ignore', 'pipe'],
      },
    )
    this.#children.add(child)
    child.stdin.end(`${password}\n`)
    let said = ''
    child.stderr.on('data', (piece: Buffer) => {
      said = `${said}${piece.toString()}`.slice(-2000)
    })
    child.on('exit', (code) => {
      this.#children.delete(child)
      if (!this.#stopped && code !== 0 && code !== 3)
        process.stderr.write(`tessera: the client of ${name} ended (${code}): ${said.trim().split('\n').at(-1) ?? ''}\n`)
    })
  }
}

const nameOf = (index: number): string => {
  const name = people[index % people.length] ?? 'Ana'
  return index < people.length ? name : `${name}${Math.floor(index / people.length) + 1}`
}
