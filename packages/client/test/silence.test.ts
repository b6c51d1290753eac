import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { connectIn } from '../src/connect.ts'
import { eachWithServer, nextEvent } from './connected.ts'
import { FakeServer } from './fake-server.ts'
import { FastTime, TestTime } from './test-time.ts'

const place = eachWithServer()
/** Of the server: a sign of life each hour, and 20 s of patience. */
const doubtful = 3_600_000 + 15_000
const dead = 3_600_000 + 21_000

test('K15 a program that was suspended for too long notices at once that its connection is dead, and resumes', async () => {
  const time = new TestTime()
  const remote = await place.connect({}, time)
  const told: string[] = []
  remote.on('reconnecting', () => told.push('reconnecting'))
  await remote.call('echo')
  time.advance(dead)
  expect(told).toEqual(['reconnecting'])
  const waiting = remote.call('echo')
  time.advance(200)
  expect(await waiting).toBeNull()
  expect(place.server.handshakes.at(-1)).toMatchObject({ resume: 'token 1' })
})

test('K15 a call made right after the program was continued waits until the server is heard, or over the next connection', async () => {
  const time = new TestTime()
  const remote = await place.connect({}, time)
  time.advance(doubtful)
  const heardAgain = remote.call('echo', 1)
  const woken: string[] = []
  const awake = remote.wake().then(() => woken.push('awake'))
  await pause(20)
  expect([place.server.calls, woken]).toEqual([[], []])
  place.server.ping()
  await Promise.all([heardAgain, awake])
  time.advance(doubtful)
  const nextConnection = remote.call('echo', 2)
  const away = nextEvent(remote, 'reconnecting')
  place.server.cut()
  await away
  time.advance(200)
  await nextConnection
  expect(place.server.calls.map(({ args }) => args)).toEqual([[1], [2]])
})

test('K15 a sign of life puts the end off', async () => {
  const time = new TestTime()
  const remote = await place.connect({}, time)
  const told: string[] = []
  remote.on('reconnecting', () => told.push('reconnecting'))
  time.advance(doubtful)
  place.server.ping()
  while (place.server.pongs === 0) await pause(1)
  time.advance(doubtful)
  expect(told).toEqual([])
})

test('K15 a server that falls silent is noticed', async () => {
  const silent = await FakeServer.start({ pingInterval: 100, pingTimeout: 100 })
  try {
    const remote = await connectIn(new FastTime(), { address: silent.address })
    const away = nextEvent(remote, 'reconnecting')
    silent.hush()
    const resumed = nextEvent(remote, 'resumed')
    await away
    await resumed
    await remote.close()
  } finally {
    await silent.stop()
  }
})
