import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, type WorkerFixture } from '@playwright/test'
import { type ConnectOptions, connect as connectTo, type Remote } from '@tessera/client'
import { Cli } from './cli.ts'
import { houseFiles } from './house-project.ts'
import type { Program } from './program.ts'
import { ProjectFolder } from './project-folder.ts'
import { type ServeOptions, TesseraServer } from './tessera-server.ts'

type Serve = Partial<Omit<ServeOptions, 'home'>> & { project: ProjectFolder }

interface TestFixtures {
  /** A folder for this test alone. */
  folder: string
  /** Verbs that mean no server, or find it by themselves. */
  cli: Cli
  newProject(files?: Readonly<Record<string, string>>): ProjectFolder
  /** Starts a server that ends with the test, at the latest. */
  serve(options: Serve): Promise<TesseraServer>
  /** The same, answering before the server is ready. */
  launch(options: Serve): TesseraServer
  /** Connects a client that leaves with the test, at the latest. */
  connect(address: string, options?: Omit<ConnectOptions, 'address'>): Promise<Remote>
  /** Has a program ended with the test. */
  follow(program: Program): Program
}

interface WorkerFixtures {
  temporary: string
  /** What `tessera new` makes. */
  skeleton: string
  /** The server that tests share which leave it as they found it. */
  house: TesseraServer
}

const remove = (directory: string): void => rmSync(directory, { recursive: true, force: true, maxRetries: 5 })

type SharedServer = [WorkerFixture<TesseraServer, Pick<WorkerFixtures, 'temporary' | 'skeleton'>>, { scope: 'worker'; timeout: number }]

/** A server that the tests of a worker share, which leave it as they found it. */
export const sharedServer = (name: string, files: Readonly<Record<string, string>> = {}): SharedServer => [
  async ({ temporary, skeleton }, use) => {
    const project = ProjectFolder.copy(skeleton, join(temporary, name), files)
    const server = await TesseraServer.start({ project, home: join(temporary, `${name}-home`), dataDirectory: join(temporary, `${name}-data`) })
    await use(server)
    await server.stop()
  },
  { scope: 'worker', timeout: 120_000 },
]

export const test = base.extend<TestFixtures, WorkerFixtures>({
  temporary: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are wanted from here
    async ({}, use) => {
      const directory = mkdtempSync(join(tmpdir(), 'tessera-e2e-'))
      await use(directory)
      remove(directory)
    },
    { scope: 'worker' },
  ],
  skeleton: [
    async ({ temporary }, use) => {
      const directory = join(temporary, 'my-app')
      await new Cli({ home: join(temporary, 'home') }).ok(['new', directory])
      await use(directory)
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  house: sharedServer('house', houseFiles),
  folder: async ({ temporary }, use) => {
    const directory = mkdtempSync(join(temporary, 'test-'))
    await use(directory)
    remove(directory)
  },
  cli: async ({ folder }, use) => use(new Cli({ home: join(folder, 'home') })),
  newProject: async ({ skeleton, folder }, use) => {
    let count = 0
    await use((files) => ProjectFolder.copy(skeleton, join(folder, `project-${++count}`), files))
  },
  launch: async ({ folder }, use) => {
    const servers: TesseraServer[] = []
    await use((options) => {
      const place = { home: join(folder, 'home'), dataDirectory: join(folder, `data-${servers.length + 1}`) }
      mkdirSync(place.home, { recursive: true })
      const server = TesseraServer.launch({ ...place, ...options })
      servers.push(server)
      return server
    })
    await Promise.all(servers.map((server) => server.stop()))
  },
  serve: async ({ launch }, use) => use((options) => launch(options).ready()),
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are wanted from here
  connect: async ({}, use) => {
    const remotes: Remote[] = []
    await use(async (address, options = {}) => {
      const remote = await connectTo({ address, ...options })
      remotes.push(remote)
      return remote
    })
    await Promise.all(remotes.map((remote) => remote.close()))
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are wanted from here
  follow: async ({}, use) => {
    const programs: Program[] = []
    await use((program) => {
      programs.push(program)
      return program
    })
    for (const program of programs) program.signal('SIGKILL')
    await Promise.all(programs.map(({ ended }) => ended))
  },
})

export { expect } from '@playwright/test'
