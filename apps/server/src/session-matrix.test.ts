import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { connect, type Remote } from '@tessera/client'
import type { Actor, Engine } from '@tessera/core'
import { newProject } from '@tessera/project'
import { decodeStorable, encodeStorable, payloadText } from '@tessera/protocol'
import { runRemote } from '@tessera/remote'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { composeStandalone } from './compose-standalone.ts'
import { parseServeOptions } from './config.ts'
import { createLogger } from './pino-logger.ts'
import { type RunningTessera, startServer } from './start-server.ts'

/** A project that says of itself what `session()` does where it runs. */
const files: Readonly<Record<string, string>> = {
  'roles.json': '{ "privileges": [{ "privilege": "sales" }, { "privilege": "stock" }], "roles": [], "permissions": { "allowed": [] } }\n',
  'lib/cells.ts': `import { session, type Storable } from '@tessera/kit'

/** One value for each row of the matrix; null where there is no session. */
export const readCells = async (): Promise<Record<string, Storable> | null> => {
  const mine = session()
  if (mine === null) return null
  await mine.clearPrivileges()
  const guests = [mine.isGuest()]
  const setPrivileges = await mine.setPrivileges({ privileges: 'sales, undeclared', userName: 'ana' })
  guests.push(mine.isGuest())
  const getPrivileges = mine.getPrivileges()
  const hasPrivilege = ['sales', 'stock', 'undeclared'].map((name) => mine.hasPrivilege(name))
  const lent = await mine.promote('stock')
  const promote = [lent > 0, mine.hasPrivilege('stock'), mine.getPrivileges().includes('stock')]
  await mine.demote(lent)
  const demote = mine.hasPrivilege('stock')
  const otp = await mine.createOTP()
  await mine.storage.use((draft) => { draft['matrix'] = mine.id })
  const userName = mine.userName
  const clearPrivileges = [await mine.clearPrivileges(), mine.getPrivileges().length]
  const dates = { idleTimeout: 'idleTimeout' in mine, expirationDate: 'expirationDate' in mine }
  const storage = mine.storage.get('matrix') === mine.id
  const type = mine.info().type
  return { Session: 'object', type, userName, setPrivileges, clearPrivileges, getPrivileges, hasPrivilege, promote, demote, createOTP: otp.length, isGuest: guests, ...dates, storage }
}
`,
  'methods/cells.ts': `import { onServer } from '@tessera/kit'
import { readCells } from '../lib/cells.ts'
export default onServer(() => readCells(), { exposed: true })
`,
  'methods/recall.ts': `import { onServer, session } from '@tessera/kit'
export default onServer((slot: string) => [session()?.id ?? null, session()?.storage.get(slot) ?? null], { exposed: true })
`,
  'methods/token.ts': `import { onServer, session } from '@tessera/kit'
export default onServer((lifespan: number | null) => session()!.createOTP(lifespan === null ? {} : { lifespan }), { exposed: true })
`,
  'methods/restore.ts': `import { onServer, session } from '@tessera/kit'
export default onServer(async (token: string) => {
  const kept = session()!
  const done = await kept.restore(token)
  return [done, session()!.id, kept.storage.get('matrix') ?? null, 'idleTimeout' in session()!, session()!.getPrivileges()]
}, { exposed: true })
`,
  'methods/idle.ts': `import { onServer, session } from '@tessera/kit'
export default onServer((minutes: number) => {
  const mine = session()!
  if (mine.idleTimeout === undefined) return null
  mine.idleTimeout = minutes
  return [mine.idleTimeout, mine.expirationDate ?? '']
}, { exposed: true })
`,
  'methods/look.ts': `import { onServer, sessionInfo, sessionStorage } from '@tessera/kit'
export default onServer(async (id: string) => [(await sessionInfo(id))?.type ?? null, (await sessionStorage(id))?.get('matrix') ?? null])
`,
  'methods/report.ts': `import { onServer, type Storable, storedProcedures } from '@tessera/kit'
export default onServer(async (cells: Storable) => {
  const kept = await storedProcedures.start('keepReport', [cells])
  await kept.result
})
`,
  'methods/keepReport.ts': `import { session, type Storable } from '@tessera/kit'
export default (cells: Storable) => session()!.storage.use((draft) => { draft['client'] = { cells } })
`,
  'database/onStartup.ts': `import { remote } from '@tessera/kit'
import { readCells } from '../lib/cells.ts'
import report from '../methods/report.ts'
export default async () => {
  await report(await readCells())
  await remote.quit()
}
`,
}

const system: Actor = { kind: 'system' }
const edge: Actor = { kind: 'edge', address: '10.0.0.9' }
const columns = ['remote', 'client', 'procedure', 'standalone', 'web'] as const
type Column = (typeof columns)[number]
type Cells = Record<string, unknown> | null

/** 4d.md 17.11, with what Tessera chose where 4D says nothing. `none`: there is no session to ask. */
const none = 'none'
const matrix: Readonly<Record<string, Readonly<Record<Column, unknown>>>> = {
  Session: { remote: 'object', client: none, procedure: 'object', standalone: 'object', web: 'object' },
  type: { remote: 'remote', client: none, procedure: 'storedProcedure', standalone: 'standalone', web: 'web' },
  userName: { remote: 'Designer', client: none, procedure: 'Designer', standalone: 'designer', web: 'ana' },
  setPrivileges: { remote: true, client: none, procedure: true, standalone: true, web: true },
  clearPrivileges: { remote: [true, 0], client: none, procedure: [true, 0], standalone: [true, 0], web: [true, 0] },
  getPrivileges: { remote: ['sales'], client: none, procedure: ['sales'], standalone: ['sales'], web: ['sales'] },
  hasPrivilege: {
    remote: [true, false, false],
    client: none,
    procedure: [true, false, false],
    standalone: [true, false, false],
    web: [true, false, false],
  },
  promote: { remote: [false, false, false], client: none, procedure: [false, false, false], standalone: [false, false, false], web: [true, true, false] },
  demote: { remote: false, client: none, procedure: false, standalone: false, web: false },
  createOTP: { remote: 43, client: none, procedure: 0, standalone: 43, web: 43 },
  isGuest: { remote: [false, false], client: none, procedure: [false, false], standalone: [false, false], web: [true, false] },
  idleTimeout: { remote: false, client: none, procedure: false, standalone: false, web: true },
  expirationDate: { remote: false, client: none, procedure: false, standalone: false, web: true },
  storage: { remote: true, client: none, procedure: true, standalone: true, web: true },
  restore: { remote: false, client: none, procedure: false, standalone: false, web: true },
}

/** How a method is called where the column's session is. */
type Call = (method: string, ...args: readonly unknown[]) => Promise<unknown>

const folder = mkdtempSync(join(tmpdir(), 'tessera-matrix-'))
process.env['TESSERA_HOME'] = join(folder, 'home')
const seen = new Map<Column, Cells>()
const calls = new Map<Column, Call>()
const undo: (() => Promise<unknown>)[] = []
let server: RunningTessera
let desk: Remote

const writeProject = async (): Promise<string> => {
  const { directory } = await newProject(join(folder, 'matrix'))
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true })
    await writeFile(join(directory, path), text)
  }
  return directory
}

const inRemote = async (): Promise<Call> => {
  const remote = await connect({ address: server.url })
  undo.push(() => remote.close())
  return (method, ...args) => remote.call(method, ...args)
}

const inProcedure = async (): Promise<Call> => {
  return async (method, ...args) => {
    const { processId } = await server.engine.dispatch('procedure.start', { method, args: encodeStorable(args), name: '', unique: false }, system)
    return decodeStorable(await server.engine.dispatch('procedure.result', { processId }, system))
  }
}

const inStandalone = async (directory: string): Promise<Call> => {
  const { engine, close } = composeStandalone(directory, '0.0.0', createLogger('error'))
  undo.push(() => engine.stop('over').then(close))
  await engine.start()
  const { sessionId, process: number } = await engine.dispatch('standalone.open', {}, system)
  return async (method, ...args) =>
    decodeStorable(payloadText(await engine.dispatch('method.call', { sessionId, process: number, method, args: encodeStorable(args) }, system)))
}

const visit = async (engine: Engine): Promise<Call> => {
  const opened = await engine.dispatch('web.open', { address: '10.0.0.9', userAgent: 'Firefox' }, edge)
  let cookie = opened.token
  return async (method, ...args) => {
    const { value, token } = await engine.dispatch('web.call', { token: cookie, method, args: encodeStorable(args) }, edge)
    cookie = token ?? cookie
    return decodeStorable(value)
  }
}

/** The client half of the project reports what it found, from a process of its own, and quits. */
const askClientHalf = async (): Promise<unknown> => {
  expect(await runRemote({ address: server.url, cacheDirectory: join(folder, 'cache'), stdio: 'pipe' })).toBe(0)
  const { slots } = server.engine.reads.storage(server.engine.reads.proceduresSession())
  return decodeStorable(slots.find(({ slot }) => slot === 'client')?.text ?? 'null')
}

beforeAll(async () => {
  const directory = await writeProject()
  const config = parseServeOptions(directory, { port: '0', dataDir: join(folder, 'data'), isolates: '2' })
  server = await startServer({ config, productVersion: '0.0.0', logger: createLogger('error'), onStep: () => undefined })
  undo.push(() => server.stop('over'))
  desk = await connect({ address: server.url })
  undo.push(() => desk.close())
  calls.set('remote', await inRemote())
  calls.set('procedure', await inProcedure())
  calls.set('standalone', await inStandalone(directory))
  calls.set('web', await visit(server.engine))
  await desk.call('cells')
  for (const [column, call] of calls) {
    const cells = (await call('cells')) as Cells
    const [restored] = (await call('restore', await desk.call('token', null))) as [boolean]
    seen.set(column, { ...cells, restore: restored })
  }
}, 180_000)

afterAll(async () => {
  for (const step of undo.splice(0).reverse()) await step()
  rmSync(folder, { recursive: true, force: true })
}, 60_000)

const cellsOf = (rows: typeof matrix) =>
  Object.entries(rows).flatMap(([row, cells]) => columns.filter((column) => column !== 'client').map((column) => ({ row, column, expected: cells[column] })))

describe('what session() does where it is asked (4d.md 17.11)', () => {
  test.each(cellsOf(matrix))('S38 $row in a $column session', ({ row, column, expected }) => {
    expect(seen.get(column)?.[row]).toEqual(expected)
  })

  test('S38 on a remote client there is no session, so that nothing of it can be asked', async () => {
    expect(await askClientHalf()).toEqual({ cells: null })
    expect(Object.values(matrix).every(({ client }) => client === none)).toBe(true)
  }, 60_000)

  test('S38 each remote, the stored procedures, running alone and each browser have one storage apiece', async () => {
    const found = new Map<Column, unknown>()
    for (const [column, call] of calls) found.set(column, await call('recall', 'matrix'))
    const ids = [...found].map(([, cell]) => (cell as [string, string])[0])
    expect(new Set(ids).size).toBe(4)
    for (const [, cell] of found) expect((cell as [string, string])[1]).toBe((cell as [string, string])[0])
    // The browser went to the session of the token that it was given.
    expect(found.get('web')).toEqual([desk.sessionId, desk.sessionId])
    const other = await visit(server.engine)
    expect(await other('recall', 'matrix')).toEqual([expect.any(String), null])
  })

  test('S39 info and storage of any session are there under its id, and null under an id that is none', async () => {
    for (const column of ['remote', 'procedure'] as const) {
      const look = calls.get(column)
      expect(await look?.('look', desk.sessionId)).toEqual(['remote', desk.sessionId])
      for (const id of ['', 'F'.repeat(32), desk.sessionId.toLowerCase()]) expect(await look?.('look', id)).toEqual([null, null])
    }
  })

  test('S35 in isolates of their own restore takes a browser to the desk’s storage and privileges, live, and a bad token nowhere', async () => {
    const browser = await visit(server.engine)
    const [id] = (await browser('recall', '')) as [string]
    expect(await browser('restore', 'made up')).toEqual([false, id, null, true, []])
    await server.engine.dispatch('privileges.set', { sessionId: desk.sessionId as never, names: ['stock'], roles: [] }, system)
    expect(await browser('restore', await desk.call('token', 60))).toEqual([true, desk.sessionId, desk.sessionId, false, ['stock']])
    expect(await browser('recall', 'matrix')).toEqual([desk.sessionId, desk.sessionId])
    await expect(desk.call('token', 0)).rejects.toMatchObject({ code: 'OTP_LIFESPAN_INVALID' })
  })

  test('S31 an idle timeout that code assigns is the engine’s, raised to sixty minutes', async () => {
    const browser = await visit(server.engine)
    const [id] = (await browser('recall', '')) as [string]
    expect(await browser('idle', 5)).toEqual([60, expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/)])
    expect(await browser('idle', 90)).toEqual([90, expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/)])
    expect(server.engine.reads.session(id).web).toMatchObject({ idleTimeoutMinutes: 90 })
    await expect(browser('idle', 0.5)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    expect(await desk.call('idle', 90)).toBeNull()
  })

  test('O7 tokens are counted where operators look', async () => {
    const remote = await connect({ address: server.url })
    const token = String(await remote.call('token', 60))
    await remote.call('token', null)
    const visit = { token, path: '/', address: '10.0.0.9', userAgent: 'Firefox' }
    for (let n = 0; n < 3; n++) await server.engine.dispatch('otp.redeem', visit, edge)
    const { otps, shares } = server.engine.reads.session(remote.sessionId)
    expect(otps).toEqual({ live: 1, issued: 2, redeemed: 1, expired: 0, replayed: 2 })
    expect(shares).toMatchObject([{ address: '10.0.0.9', userAgent: 'Firefox' }])
    await remote.close()
  })
})
