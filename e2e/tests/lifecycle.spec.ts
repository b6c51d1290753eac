import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect as connectOnce } from '@tessera/client'
import { expect, test } from '../src/fixtures.ts'
import { freePort } from '../src/free-port.ts'
import { ask, codeOf } from '../src/http-request.ts'
import { lifecycleFiles } from '../src/lifecycle-project.ts'
import { once } from '../src/once.ts'
import { refusalOf } from '../src/refusal.ts'
import { Wire } from '../src/wire.ts'

/** How often each line was written down. */
const tally = (lines: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const line of lines) counts[line] = (counts[line] ?? 0) + 1
  return counts
}

test('G12 nobody gets in before onServerStartup has returned, and everybody is told to come back', async ({ newProject, launch, folder, connect }) => {
  const dataDirectory = join(folder, 'data')
  mkdirSync(join(dataDirectory, 'project'), { recursive: true })
  const closed = join(dataDirectory, 'project', 'closed')
  writeFileSync(closed, '')
  const server = launch({ project: newProject(lifecycleFiles), dataDirectory, port: await freePort() })
  await expect.poll(() => server.notes('notes'), { timeout: 60_000 }).toEqual(['startup begins'])

  const early = await refusalOf(connectOnce({ address: server.url }))
  expect(early).toMatchObject({ code: 'SERVER_STARTING', retryable: true })
  const readiness = await ask(`${server.url}/readyz`)
  expect([readiness.status, codeOf(readiness)]).toEqual([503, 'SERVER_STARTING'])
  expect((await ask(`${server.url}/healthz`)).status).toBe(200)

  const patient = connect(server.url, { waitMs: 60_000 })
  rmSync(closed)
  await server.ready()
  expect((await ask(`${server.url}/readyz`)).status).toBe(200)
  await patient
  const notes = server.notes('notes')
  expect(notes.slice(0, 2)).toEqual(['startup begins', 'startup ends'])
  expect(notes[2]).toMatch(/^open /)
})

test('G13 and G16 Open Connection refuses with number and text; Close Connection runs once for each process, however a client leaves; SIGTERM tells clients and ends with 0', async ({
  newProject,
  serve,
  connect,
}) => {
  const server = await serve({ project: newProject(lifecycleFiles) })
  const refusal = server.projectData('refuse')
  writeFileSync(refusal, 'Stocktaking until noon')
  const refused = await refusalOf(connectOnce({ address: server.url }))
  expect(refused).toMatchObject({ code: 'OPEN_CONNECTION_REFUSED', returned: { code: 42, text: 'Stocktaking until noon' } })
  expect(refused.message).toContain('Stocktaking until noon')
  rmSync(refusal)
  const skipped = server.notes('notes').length

  const leaving = await connect(server.url)
  const dropped = await connect(server.url)
  const staying = await connect(server.url)
  for (const remote of [leaving, dropped, staying]) await remote.process('second')
  writeFileSync(refusal, 'No third window')
  await expect(staying.process('third')).rejects.toMatchObject({ code: 'OPEN_CONNECTION_REFUSED' })
  rmSync(refusal)

  const notes = (): string[] => server.notes('notes').slice(skipped)
  const closings = (): string[] => notes().filter((line) => line.startsWith('close'))
  await leaving.close()
  await expect.poll(() => closings().length).toBe(2)
  const toldDropped = once<{ code: string; reason: string }>((listener) => dropped.on('closed', listener))
  const running = dropped.call('forever').catch((error: unknown) => error)
  await expect.poll(async () => (await server.cli.ok(['processes', 'list', '--session', dropped.sessionId])).includes('forever')).toBe(true)
  await server.cli.ok(['sessions', 'disconnect', dropped.sessionId, '--reason', 'Closing time'])
  expect(await toldDropped).toMatchObject({ reason: 'Closing time' })
  expect(await running).toMatchObject({ code: expect.stringMatching(/^(CALL_INTERRUPTED|CALL_CANCELLED|SESSION_ENDED)$/) })
  await expect.poll(() => closings().length).toBe(4)

  const toldStaying = once<{ code: string }>((listener) => staying.on('closed', listener))
  expect(await server.stop()).toEqual({ code: 0, signal: null })
  expect((await toldStaying).code).toMatch(/^(SERVER_STOPPING|SESSION_ENDED)$/)
  expect(closings().length).toBe(6)
  expect(notes().at(-1)).toBe('shutdown')
  const opened = notes().filter((line) => line.startsWith('open'))
  // The refused third window was asked about as well, and has nothing to close.
  const accepted = tally(opened)
  const closed = tally(closings())
  for (const [line, count] of Object.entries(closed)) expect(accepted[line.replace('close', 'open')]).toBeGreaterThanOrEqual(count)
  expect(opened.length).toBe(7)
})

test('G14 a client whose connection is cut resumes its session, with its storage and its processes', async ({ house, connect }) => {
  const wire = await Wire.to(house.port)
  const remote = await connect(wire.url)
  const second = await remote.process('second')
  await remote.call('remember', 'cart', ['apple'])
  const { sessionId, resumeToken } = remote
  const lost = once((listener) => remote.on('reconnecting', listener))
  const back = once((listener) => remote.on('resumed', listener))
  wire.cut()
  await lost
  await expect.poll(async () => (await house.cli.json<{ state: string }>(['sessions', 'show', sessionId])).state).toBe('unreachable')
  const waiting = remote.call('recall', 'cart')
  wire.mend()
  await back
  expect(await waiting).toEqual(['apple'])
  expect(remote.sessionId).toBe(sessionId)
  expect(remote.resumeToken).not.toBe(resumeToken)
  expect(await second.call('recall', 'cart')).toEqual(['apple'])
  expect(await house.cli.json(['sessions', 'show', sessionId])).toMatchObject({ state: 'active', processes: 2 })
  await remote.close()
  await wire.close()
})

test('G14 a call whose answer was lost with the connection ends as interrupted', async ({ house, connect }) => {
  const wire = await Wire.to(house.port)
  const remote = await connect(wire.url)
  const lost = remote.call('waitFor', 'never').catch((error: unknown) => error)
  await expect.poll(async () => (await house.cli.ok(['processes', 'list', '--session', remote.sessionId])).includes('waitFor')).toBe(true)
  wire.cut()
  expect(await lost).toMatchObject({ code: 'CALL_INTERRUPTED', retryable: false })
  wire.mend()
  await house.cli.ok(['storage', 'set', remote.sessionId, 'never', '"after all"'])
  expect(await remote.call('add', 1, 2)).toBe(3)
  await remote.close()
  await wire.close()
})
