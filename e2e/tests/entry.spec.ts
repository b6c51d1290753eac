import { join } from 'node:path'
import { connect as connectOnce } from '@tessera/client'
import type { EntryRow, LicencesReport } from '@tessera/protocol'
import { expect, test } from '../src/fixtures.ts'
import { goodManners, knock } from '../src/raw-remote.ts'
import { refusalOf } from '../src/refusal.ts'
import type { TesseraServer } from '../src/tessera-server.ts'
import { Wire } from '../src/wire.ts'

const refusalAt = (server: Pick<TesseraServer, 'url'>) => refusalOf(connectOnce({ address: server.url }))

test('A40 connections reject closes the door for newcomers alone, over a restart too, until connections accept', async ({
  newProject,
  serve,
  connect,
  folder,
}) => {
  const project = newProject()
  const dataDirectory = join(folder, 'data')
  const server = await serve({ project, dataDirectory })
  const wire = await Wire.to(server.port)
  const inside = await connect(wire.url)
  expect(await server.cli.json<EntryRow>(['connections', 'show'])).toEqual({ accepting: true, message: '', addresses: [], warnings: [] })
  expect(await server.cli.ok(['connections', 'reject', '--message', 'Stocktaking until noon'])).toMatch(
    /^new connections are refused: Stocktaking until noon$/m,
  )
  expect(await refusalAt(server)).toMatchObject({ code: 'REJECTING_CONNECTIONS', message: 'Stocktaking until noon', retryable: true })
  expect(await server.cli.run(['call', server.url, 'hello', '"you"'])).toMatchObject({
    code: 1,
    stderr: 'tessera: Stocktaking until noon (REJECTING_CONNECTIONS)\n',
  })
  expect(await inside.call('hello', 'you')).toBe('Hello, you!')
  const resumed = new Promise((resolve) => inside.on('resumed', resolve))
  wire.cut()
  wire.mend()
  await resumed
  expect(await inside.call('hello', 'you')).toBe('Hello, you!')
  await inside.close()
  await wire.close()
  await server.stop()

  const again = await serve({ project, dataDirectory })
  await again.program.hears(/^tessera: warning: New connections are refused \("Stocktaking until noon"\)/m, 'stderr')
  expect(await refusalAt(again)).toMatchObject({ code: 'REJECTING_CONNECTIONS', message: 'Stocktaking until noon' })
  expect(await again.cli.json(['connections', 'accept'])).toMatchObject({ accepting: true, message: '' })
  await connect(again.url)
})

test('A44 the address of the socket decides, whatever the client says, and the command line is let in by all tables', async ({
  newProject,
  serve,
  connect,
}) => {
  const server = await serve({ project: newProject() })
  const other = await Wire.to(server.port, { from: '127.0.0.2' })
  const travelling = await connect(other.url)
  await travelling.close()

  expect(await server.cli.json(['connections', 'deny', '127.0.0.2'])).toEqual({
    addresses: [
      { mode: 'deny', ip: '127.0.0.2' },
      { mode: 'allow', ip: '*' },
    ],
    warnings: [],
  })
  expect(await refusalAt(other)).toMatchObject({ code: 'ADDRESS_DENIED', message: expect.stringContaining('127.0.0.2'), retryable: false })
  const forged = { 'X-Forwarded-For': '127.0.0.1', Forwarded: 'for=127.0.0.1', 'X-Real-IP': '127.0.0.1' }
  expect(await knock(other.url, { headers: forged })).toMatchObject({ kind: 'refused', error: { code: 'ADDRESS_DENIED' } })
  const inside = await knock(server.url)
  if (inside.kind !== 'welcome') throw new Error(JSON.stringify(inside))
  const { resumeToken } = inside.welcome
  inside.socket.disconnect()
  expect(await knock(other.url, { auth: { ...goodManners, resume: resumeToken } })).toMatchObject({ kind: 'refused', error: { code: 'ADDRESS_DENIED' } })
  const back = await knock(server.url, { auth: { ...goodManners, resume: resumeToken } })
  expect(back).toMatchObject({ kind: 'welcome', welcome: { resumed: true } })
  if (back.kind === 'welcome') back.socket.disconnect()

  const closed = await server.cli.run(['connections', 'set-addresses', '-'], { input: '[{ "mode": "deny", "ip": "localhost" }]' })
  expect(closed).toMatchObject({ code: 0, stderr: 'tessera: warning: Nobody is let in: the table only denies. End it with allow *.\n' })
  expect(await refusalAt(server)).toMatchObject({ code: 'ADDRESS_DENIED', message: expect.stringContaining('localhost') })
  expect(await server.cli.ok(['connections', 'allow', '127.0.0.1'])).toMatch(/1 +deny +localhost\n2 +allow +127\.0\.0\.1\n$/)
  await server.cli.ok(['connections', 'set-addresses', '-'], { input: '[]' })
  await connect(other.url)
  await other.close()
})

test('A43 tables with mistakes are refused whole, with every mistake', async ({ newProject, serve, folder }) => {
  const server = await serve({ project: newProject() })
  const { cli } = server
  await cli.ok(['connections', 'allow', '*'])
  const before = await cli.json(['connections', 'addresses'])
  const rules = JSON.stringify([
    { mode: 'allow', ip: '*' },
    { mode: 'perhaps', ip: '10.0.0.1' },
    { mode: 'deny', ip: '10.0.0' },
  ])
  const bad = await cli.run(['connections', 'set-addresses', '-'], { input: rules })
  expect({ code: bad.code, stdout: bad.stdout }).toEqual({ code: 1, stdout: '' })
  expect(bad.stderr).toMatch(/^addresses:2:1 error .*"perhaps"\naddresses:3:1 error .*"10\.0\.0".*\ntessera: [^\n]+ \(ADDRESS_RULES_INVALID\)\n$/)
  const failures: [string, string][] = [
    [JSON.stringify(Array.from({ length: 10_000 }, () => ({ mode: 'deny', ip: '10.0.0.1' }))), 'ADDRESS_RULES_INVALID'],
    ['{ "mode": "deny" }', 'BAD_REQUEST'],
    ['[{ "mode": "deny" }]', 'BAD_REQUEST'],
    ['[1]', 'BAD_REQUEST'],
    ['[', 'BAD_REQUEST'],
    ['', 'BAD_REQUEST'],
  ]
  for (const [input, code] of failures) {
    const result = await cli.run(['connections', 'set-addresses', '-'], { input })
    expect({ input: input.slice(0, 40), code: result.code }).toEqual({ input: input.slice(0, 40), code: 1 })
    expect(result.stderr).toMatch(new RegExp(`^tessera: [^\\n]+ \\(${code}\\)\\n$`))
  }
  expect(await cli.run(['connections', 'set-addresses', join(folder, 'none.json')])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/none\.json .*\(BAD_REQUEST\)/),
  })
  expect(await cli.run(['connections', 'deny', '10.0.0'])).toMatchObject({ code: 1, stderr: expect.stringMatching(/\(ADDRESS_RULES_INVALID\)/) })
  expect(await cli.json(['connections', 'addresses'])).toEqual(before)
  await cli.ok(['connections', 'set-addresses', '-'], { input: JSON.stringify(before) })
  expect(await cli.json(['connections', 'addresses'])).toEqual(before)
})

test('A46 and A47 licences are refused with their numbers, changed while the server runs, and kept; one given at start wins and that is said', async ({
  newProject,
  serve,
  connect,
  folder,
}) => {
  const project = newProject()
  const dataDirectory = join(folder, 'data')
  const server = await serve({ project, dataDirectory })
  const licences = (...args: string[]) => server.cli.json<LicencesReport>(['connections', 'licences', ...args])
  expect(await licences()).toEqual({ maximum: null, used: 0, remote: 0, web: 0, warnings: [] })
  const staying = await connect(server.url)
  await connect(server.url)
  expect(await licences('--max', '1')).toMatchObject({ maximum: 1, used: 2, warnings: [expect.stringContaining('nobody is sent away')] })
  expect(await refusalAt(server)).toMatchObject({ code: 'LICENCES_EXHAUSTED', licences: { current: 2, maximum: 1 }, message: expect.stringMatching(/2 of 1/) })
  expect(await staying.call('hello', 'you')).toBe('Hello, you!')
  expect(await server.cli.ok(['connections', 'licences', '--max', '3'])).toBe('2 of 3 licences in use (remote 2, web 0)\n')
  const rush = await Promise.allSettled(Array.from({ length: 10 }, () => connectOnce({ address: server.url })))
  const inside = rush.flatMap((knocked) => (knocked.status === 'fulfilled' ? [knocked.value] : []))
  expect(inside).toHaveLength(1)
  await inside[0]?.close()
  for (const wrong of ['-1', 'x', '1.5', '1000001']) {
    expect(await server.cli.run(['connections', 'licences', `--max=${wrong}`])).toMatchObject({ code: 1, stderr: expect.stringMatching(/\(BAD_REQUEST\)\n$/) })
  }
  await server.stop()

  const given = await serve({ project, dataDirectory, args: ['--max-clients', '1'] })
  await given.program.hears(/^tessera: warning: The kept maximum of licences \(3\) does not count: .*--max-clients 1/m, 'stderr')
  expect((await given.admin.licences.get.query()).maximum).toBe(1)
  await given.stop()
  const kept = await serve({ project, dataDirectory })
  expect((await kept.admin.licences.get.query()).maximum).toBe(3)
  expect(kept.program.stderr).not.toMatch(/warning/)
  expect(await kept.admin.licences.set.mutate({ maximum: null })).toMatchObject({ maximum: null, warnings: [] })
})
