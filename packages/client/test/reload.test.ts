import type { ReloadDown } from '@tessera/protocol'
import { expect, test } from 'vitest'
import { eachWithServer, nextEvent } from './connected.ts'
import { TestTime } from './test-time.ts'

const place = eachWithServer()
const wanted: ReloadDown = {
  version: { id: '20261122.2', digest: 'b'.repeat(64) },
  deadlineAt: '2026-11-22T12:00:30.000Z',
  graceMs: 30_000,
  reason: 'New prices',
}

test('K6 a reload is told at once and accepted at its deadline; the session stays, version and ticket change', async () => {
  const time = new TestTime()
  const remote = await place.connect({}, time)
  const told = nextEvent(remote, 'reload')
  place.server.say('reload', wanted)
  expect(await told).toEqual(wanted)
  time.advance(29_999)
  expect(await remote.call('echo')).toBeNull()
  expect(place.server.moves).toEqual([])
  const moved = nextEvent(remote, 'moved')
  time.advance(1)
  expect(await moved).toEqual({ version: wanted.version })
  expect(remote).toMatchObject({ sessionId: 'A'.repeat(32), version: wanted.version, ticket: 'ticket of 20261122.2' })
})

test.each([
  ['holdReload', {}, true],
  ['autoReload: false', { autoReload: false }, false],
])('K6 with %s the owner says when', async (_how, options, hold) => {
  const time = new TestTime()
  const remote = await place.connect(options, time)
  if (hold) remote.holdReload()
  const told = nextEvent(remote, 'reload')
  place.server.say('reload', wanted)
  await told
  time.advance(60_000)
  expect(await remote.call('echo')).toBeNull()
  expect(place.server.moves).toEqual([])
  expect(await remote.move(wanted.version.id)).toMatchObject({ version: wanted.version, ticket: 'ticket of 20261122.2' })
  await remote.move(wanted.version.id)
  expect(place.server.moves).toEqual([wanted.version.id])
})

test('K6 the deadline of the latest notice counts', async () => {
  const time = new TestTime()
  const remote = await place.connect({}, time)
  for (const id of ['20261122.2', '20261122.3']) {
    const told = nextEvent(remote, 'reload')
    place.server.say('reload', { ...wanted, version: { id, digest: 'b'.repeat(64) } })
    await told
    time.advance(10_000)
  }
  const moved = nextEvent(remote, 'moved')
  time.advance(20_000)
  expect((await moved).version.id).toBe('20261122.3')
  expect(place.server.moves).toEqual(['20261122.3'])
})

test('K6 a deadline that passes while the server is away is kept after the resume', async () => {
  const time = new TestTime()
  const remote = await place.connect({}, time)
  const told = nextEvent(remote, 'reload')
  place.server.say('reload', { ...wanted, graceMs: 100 })
  await told
  const away = nextEvent(remote, 'reconnecting')
  place.server.cut()
  await away
  const moved = nextEvent(remote, 'moved')
  time.advance(100)
  time.advance(100)
  await moved
  expect(place.server.moves).toEqual([wanted.version.id])
})

test('K6 a session that the server moved meanwhile is on the new version after the resume', async () => {
  const time = new TestTime()
  const remote = await place.connect({}, time)
  const away = nextEvent(remote, 'reconnecting')
  place.server.cut()
  await away
  place.server.version = wanted.version
  const moved = nextEvent(remote, 'moved')
  time.advance(200)
  expect(await moved).toEqual({ version: wanted.version })
  expect(remote.version).toEqual(wanted.version)
})
