import { createServer } from 'node:net'
import { ConnectionRefused, protocolVersion, TesseraError } from '@tessera/protocol'
import { expect, test } from 'vitest'
import { connect } from '../src/index.ts'
import { eachWithServer, nextEvent } from './connected.ts'
import { FastTime } from './test-time.ts'

const place = eachWithServer()

test('K1 the client introduces itself and learns its session, version and user', async () => {
  const remote = await place.connect({ user: 'ann', password: 'secret', project: 'Shop', machineName: 'desk 1' })
  expect(place.server.handshakes[0]).toMatchObject({ protocol: protocolVersion, user: 'ann', password: 'secret', project: 'Shop', machineName: 'desk 1' })
  expect(place.server.handshakes[0]?.client).toMatch(/^@tessera\/client \d/)
  expect(remote).toMatchObject({ sessionId: 'A'.repeat(32), version: place.server.version, userName: 'ann', ticket: 'ticket 1', resumeToken: 'token 1' })
})

test('K1 a refusal arrives as ConnectionRefused with its code, sentence and hint', async () => {
  place.server.refusals = [{ code: 'LICENCES_EXHAUSTED', message: 'All 3 places are taken.', retryAfterMs: 5000 }]
  const refused = place.connect()
  await expect(refused).rejects.toBeInstanceOf(ConnectionRefused)
  await expect(refused).rejects.toMatchObject({ code: 'LICENCES_EXHAUSTED', message: 'All 3 places are taken.', retryable: true, retryAfterMs: 5000 })
})

test('K1 what onServerOpenConnection returned comes with the refusal', async () => {
  place.server.refusals = [{ code: 'OPEN_CONNECTION_REFUSED', message: 'Refused: stocktaking.', returned: { code: 7, text: 'stocktaking' } }]
  await expect(place.connect()).rejects.toMatchObject({ code: 'OPEN_CONNECTION_REFUSED', returned: { code: 7, text: 'stocktaking' } })
})

test('K1 where nothing listens the error is SERVER_UNREACHABLE and says where and why', async () => {
  const probe = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => probe.once('listening', resolve))
  const { port } = probe.address() as { port: number }
  await new Promise((resolve) => probe.close(resolve))
  const failed = connect({ address: `127.0.0.1:${port}` })
  await expect(failed).rejects.toBeInstanceOf(TesseraError)
  await expect(failed).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE', message: expect.stringMatching(`127.0.0.1:${port}: .*ECONNREFUSED`) })
})

test('K1 a server that is starting is an error at once without waitMs', async () => {
  place.server.refusals = [{ code: 'SERVER_STARTING', message: 'Starting.' }]
  await expect(place.connect()).rejects.toMatchObject({ code: 'SERVER_STARTING' })
  expect(place.server.handshakes).toHaveLength(1)
})

test('K1 a server that is starting is waited for, at most waitMs and at least as long as it asks', async () => {
  const starting = { code: 'SERVER_STARTING', message: 'Starting.', retryAfterMs: 400 } as const
  place.server.refusals = [starting, starting]
  const time = new FastTime()
  await place.connect({ waitMs: 10_000 }, time)
  expect(time.waits).toEqual([400, 400])
  place.server.refusals = Array(50).fill(starting)
  await expect(place.connect({ waitMs: 1000 }, new FastTime())).rejects.toMatchObject({ code: 'SERVER_STARTING' })
})

test('K1 credentials that are wrong are not tried again', async () => {
  place.server.refusals = [{ code: 'BAD_CREDENTIALS', message: 'Wrong.' }]
  await expect(place.connect({ waitMs: 10_000 }, new FastTime())).rejects.toMatchObject({ code: 'BAD_CREDENTIALS' })
  expect(place.server.handshakes).toHaveLength(1)
})

test('K6 a notice in the same breath as the welcome is heard by whoever listens first thing', async () => {
  place.server.rightAfterWelcome = [['message', { number: 1, text: 'Good morning', at: '2026-11-22T08:00:00.000Z' }]]
  const remote = await place.connect()
  expect(await nextEvent(remote, 'message')).toEqual({ text: 'Good morning', at: '2026-11-22T08:00:00.000Z' })
})

test('K7 close says goodbye', async () => {
  const remote = await place.connect()
  await remote.close()
  expect(place.server.byes).toBe(1)
  await expect(remote.call('anything')).rejects.toMatchObject({ code: 'SESSION_ENDED' })
})
