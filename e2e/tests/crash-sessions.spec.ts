import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { crashFiles } from '../src/crash-project.ts'
import { expect, test } from '../src/fixtures.ts'
import { Program } from '../src/program.ts'
import type { TesseraServer } from '../src/tessera-server.ts'

/** More by `TESSERA_CRASH_ROUNDS`; the moments of killing follow from `TESSERA_SEED`, and the failure names it. */
const rounds = Number(process.env['TESSERA_CRASH_ROUNDS'] ?? 10)
const seed = Number(process.env['TESSERA_SEED'] ?? Date.now() % 1_000_000)
const latestKillMs = 1500
const sessions = 3

const endlessWriter = fileURLToPath(new URL('../src/endless-writer.mjs', import.meta.url))

interface Said {
  connected?: string
  asked?: string
  kept?: string
  key?: number
  /** Session and name of a process. */
  opened?: string
  closed?: string
}

test('M4, S22 and P5 through kill after kill nothing acknowledged is lost, no session is doubled, and each Close Connection begins once', async ({
  newProject,
  launch,
  follow,
  folder,
}) => {
  test.setTimeout(120_000 + rounds * 15_000)
  process.stdout.write(`  ${rounds} kills, TESSERA_SEED=${seed}\n`)
  const options = { project: newProject(crashFiles), dataDirectory: join(folder, 'data') }
  let server = await launch(options).ready()
  const { port } = server
  const servers: TesseraServer[] = [server]
  const writer = follow(Program.node([endlessWriter, `localhost:${port}`, 'writer', String(sessions)]))
  await writer.hears(new RegExp(`(?:"connected"[^\\n]*\\n[^]*?){${sessions}}`))
  for (const ms of moments(rounds)) {
    await new Promise((resolve) => setTimeout(resolve, ms))
    await server.kill()
    server = await launch({ ...options, port }).ready()
    servers.push(server)
  }
  writer.signal('SIGUSR2')
  await writer.hears(/"done"/)

  const said = writer.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Said)
  const ids = said.flatMap(({ connected }) => connected ?? [])
  expect(said.filter(({ closed }) => closed !== undefined)).toEqual([])
  const { sessions: rows } = await server.cli.json<{ sessions: { id: string; kind: string; state: string; processes: number }[] }>(['sessions', 'list'])
  expect(
    rows
      .filter(({ kind }) => kind === 'remote')
      .map(({ id }) => id)
      .sort(),
  ).toEqual([...ids].sort())

  // How much one client gets done between two kills is the machine's affair; that they wrote all along is not.
  expect(said.filter(({ kept }) => kept !== undefined).length).toBeGreaterThan(rounds)
  for (const id of ids) {
    const { slots } = await server.cli.json<{ slots: Record<string, unknown> }>(['storage', 'get', id])
    const kept = said.flatMap(({ kept: session, key }) => (session === id ? [`k${key}`] : []))
    const asked = new Set(said.flatMap(({ asked: session, key }) => (session === id ? [`k${key}`] : [])))
    expect(kept.length).toBeGreaterThan(0)
    expect(kept.filter((key) => !(key in slots))).toEqual([])
    expect(Object.keys(slots).filter((key) => key.startsWith('k') && !asked.has(key))).toEqual([])
  }

  writer.signal('SIGTERM')
  await writer.ended
  await expect.poll(async () => (await server.admin.sessions.list.query({ query: { text: '', chips: ['remote'] } })).total).toBe(1)
  const notes = server.notes('notes')
  const begun = (what: string): string[] => notes.flatMap((line) => (line.startsWith(`${what} `) ? [line.slice(what.length + 1)] : []))
  const farewells = begun('close')
  const opened = new Set(begun('open'))
  // What had been noted as begun when the server was killed is told instead of repeated.
  const interrupted = new Set(servers.flatMap(({ program }) => interruptedIn(program.stderr)))
  expect(farewells.length).toBe(new Set(farewells).size)
  const told = said.flatMap(({ opened: process }) => process ?? [])
  expect(told.length).toBeGreaterThan(rounds)
  expect(told.filter((process) => !farewells.includes(process) && !interrupted.has(process))).toEqual([])
  expect(farewells.filter((process) => !opened.has(process))).toEqual([])
})

/** Processes whose Close Connection is told not to be repeated, by session and name. */
const interruptedIn = (log: string): string[] =>
  log.split('\n').flatMap((line) => {
    if (!line.includes('CLOSE_INTERRUPTED')) return []
    const { session, name } = JSON.parse(line) as { session: string; name: string }
    return [`${session} ${name}`]
  })

/** The same seed gives the same moments. */
function* moments(count: number): Generator<number> {
  let state = seed
  for (let round = 0; round < count; round += 1) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    yield state % latestKillMs
  }
}
