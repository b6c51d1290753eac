import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type AdminClient, createAdminClient } from '@tessera/client'
import { Cli } from './cli.ts'
import type { Ended, Program } from './program.ts'
import type { ProjectFolder } from './project-folder.ts'

export interface ServeOptions {
  project: ProjectFolder
  /** The user's home, for the notes of running servers and the packages of clients. */
  home: string
  dataDirectory: string
  /** 0 takes a free one. */
  port?: number
  args?: readonly string[]
}

const stopPatienceMs = 20_000

/** A server as people run it: `bin/tessera serve`, in a process of its own. */
export class TesseraServer {
  readonly project: ProjectFolder
  readonly dataDirectory: string
  readonly program: Program
  /** Verbs against this server, as its owner. */
  readonly cli: Cli
  readonly #port: number
  #url = ''

  private constructor({ project, home, dataDirectory, port = 0, args = [] }: ServeOptions) {
    this.project = project
    this.dataDirectory = dataDirectory
    this.cli = new Cli({ home, dataDirectory })
    this.#port = port
    this.program = this.cli.start(['serve', project.directory, '--port', String(port), '--isolates', '2', ...args])
  }

  /** Answers at once; with a port of its own it can be knocked at before it is ready. */
  static launch(options: ServeOptions): TesseraServer {
    return new TesseraServer(options)
  }

  static start(options: ServeOptions): Promise<TesseraServer> {
    return new TesseraServer(options).ready()
  }

  async ready(): Promise<this> {
    const [, url = ''] = await this.program.hears(/ is served at (\S+)/)
    this.#url = url
    await this.program.hears(/#token=[\w-]+\n/)
    return this
  }

  get url(): string {
    return this.#url === '' ? `http://localhost:${this.#port}` : this.#url
  }

  get port(): number {
    return Number(new URL(this.url).port)
  }

  get pid(): number {
    return this.program.pid
  }

  /** The one-time sign-in link that it printed at its start. */
  get firstLink(): string {
    return /\S+#token=[\w-]+/.exec(this.program.stdout)?.[0] ?? ''
  }

  /** Another one-time sign-in link. */
  async newLink(): Promise<string> {
    const { token } = await this.admin.tokens.createLink.mutate()
    return `${this.url}/console/#token=${token}`
  }

  get ownerToken(): string {
    const file: unknown = JSON.parse(readFileSync(join(this.dataDirectory, 'server.json'), 'utf8'))
    return typeof file === 'object' && file !== null && 'token' in file ? String(file.token) : ''
  }

  /** The administration API, as its owner. */
  get admin(): AdminClient {
    return createAdminClient({ url: this.url, token: this.ownerToken })
  }

  /** Where the project's code keeps its files. */
  projectData(...path: string[]): string {
    return join(this.dataDirectory, 'project', ...path)
  }

  /** Lines that project code wrote down; none where there is no such file yet. */
  notes(name: string): string[] {
    const file = this.projectData(name)
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : []
  }

  /** The process that runs an isolate, by the id under which `processes list` shows it. */
  isolatePid(isolate: string): number {
    const children = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(this.pid)], { encoding: 'utf8' })
    const line = children.split('\n').find((each) => each.includes(isolate))
    if (line === undefined) throw new Error(`No child of the server runs the isolate ${isolate}:\n${children}`)
    return Number.parseInt(line, 10)
  }

  /** As Ctrl+C or a service manager would. */
  async stop(): Promise<Ended> {
    this.program.signal('SIGTERM')
    const late = setTimeout(() => this.program.signal('SIGKILL'), stopPatienceMs)
    const ended = await this.program.ended
    clearTimeout(late)
    return ended
  }

  /** As a power cut would. */
  async kill(): Promise<void> {
    this.program.signal('SIGKILL')
    await this.program.ended
  }
}
