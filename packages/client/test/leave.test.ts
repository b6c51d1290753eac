import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { machine } from '../src/surroundings.ts'
import { eachWithServer, gate, nextEvent } from './connected.ts'
import { FastTime, TestTime } from './test-time.ts'

const place = eachWithServer()
const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await pause(1)
}
const mayPostpone = { mayPostpone: true }

/** Every event that a client is told while it comes and goes. */
const comings = (remote: Awaited<ReturnType<typeof place.connect>>): string[] => {
  const told: string[] = []
  for (const name of ['reconnecting', 'resumed', 'postponed', 'closed'] as const) remote.on(name, () => told.push(name))
  return told
}

test('K11 each welcome is answered with its resume token, the owner knowing it first', async () => {
  const time = new TestTime()
  const remote = await place.connect({}, time)
  await remote.call('echo')
  expect(place.server.confirmed).toEqual(['token 1'])
  const confirmedBefore: number[] = []
  remote.on('resumed', () => confirmedBefore.push(place.server.confirmed.length))
  const away = nextEvent(remote, 'reconnecting')
  place.server.cut()
  await away
  time.advance(200)
  await remote.call('echo')
  expect(place.server.confirmed).toEqual(['token 1', 'token 2'])
  expect(remote.resumeToken).toBe('token 2')
  expect(confirmedBefore).toEqual([1])
})

test('K12 a client that sleeps tells the server, closes, and stays away until it wakes', async () => {
  const time = new TestTime()
  const remote = await place.connect({}, time)
  const told = comings(remote)
  await remote.sleep()
  await until(() => place.server.connections === 0)
  expect(place.server.left).toEqual(['sleep'])
  time.advance(172_000_000)
  await pause(20)
  expect(place.server.handshakes).toHaveLength(1)
  await remote.wake()
  expect(place.server.handshakes.at(-1)).toMatchObject({ resume: 'token 1' })
  expect(told).toEqual(['resumed'])
  expect(await remote.call('echo')).toBeNull()
})

test.each(['call', 'process', 'move'] as const)('K12 %s wakes it', async (what) => {
  const remote = await place.connect({}, new TestTime())
  await remote.sleep()
  if (what === 'call') await remote.call('echo')
  else if (what === 'process') await remote.process('cart')
  else await remote.move('20261122.2')
  expect(place.server.handshakes).toHaveLength(2)
})

test('K12 what was not answered when it fell asleep ends as CALL_INTERRUPTED', async () => {
  const started = gate<null>()
  place.server.methods.set('slow', () => {
    started.open(null)
    return new Promise(() => {})
  })
  const remote = await place.connect({}, new TestTime())
  const interrupted = remote.call('slow')
  await started.opened
  await Promise.all([remote.sleep(), expect(interrupted).rejects.toMatchObject({ code: 'CALL_INTERRUPTED' })])
  await remote.wake()
  expect(place.server.calls).toHaveLength(1)
})

test('K12 after a sleep a server that is away is waited for as long as it keeps a sleeping session', async () => {
  place.server.welcome = { graceSeconds: 1, sleepSeconds: 20 }
  const time = new TestTime()
  const remote = await place.connect({}, time)
  const told = comings(remote)
  await remote.sleep()
  place.server.refusals = Array(3).fill({ code: 'SERVER_STARTING', message: 'Starting.' })
  const woken = remote.wake()
  for (let attempts = 1; attempts <= 3; attempts++) {
    // The next attempt waits, besides what keeps the program alive.
    await until(() => place.server.handshakes.length === 1 + attempts && time.waiting === 2)
    time.advance(5000)
  }
  await woken
  expect(told).toEqual(['reconnecting', 'resumed'])
})

test('K12 a sleep that lasted too long is told in the server’s words', async () => {
  const remote = await place.connect({}, new TestTime())
  await remote.sleep()
  place.server.refusals = [{ code: 'SESSION_ENDED', message: "The client's machine slept for too long." }]
  const closed = nextEvent(remote, 'closed')
  await expect(remote.wake()).rejects.toMatchObject({ code: 'SESSION_ENDED' })
  expect(await closed).toEqual({ code: 'SESSION_ENDED', reason: "The client's machine slept for too long." })
  await expect(remote.wake()).rejects.toMatchObject({ code: 'SESSION_ENDED' })
})

test('K12 asleep while the server is away, it tries no more until it wakes, and then at once', async () => {
  const time = new TestTime()
  const remote = await place.connect({}, time)
  const away = nextEvent(remote, 'reconnecting')
  place.server.cut()
  await away
  await remote.sleep()
  time.advance(60_000)
  await pause(20)
  expect(place.server.handshakes).toHaveLength(1)
  await remote.wake()
  expect(place.server.handshakes).toHaveLength(2)
})

test('K12 the deadline of a reload wakes it', async () => {
  const time = new TestTime()
  const remote = await place.connect({}, time)
  const told = nextEvent(remote, 'reload')
  place.server.say('reload', { version: { id: '20261122.2', digest: 'b'.repeat(64) }, deadlineAt: '', graceMs: 30_000, reason: '' })
  await told
  await remote.sleep()
  const moved = nextEvent(remote, 'moved')
  time.advance(30_000)
  await moved
  expect(place.server.moves).toEqual(['20261122.2'])
})

test('K13 asked to and idle, it gives the connection up; the next call opens it again and nobody is told', async () => {
  place.server.methods.set('echo', (value) => value ?? null)
  const remote = await place.connect(mayPostpone, new TestTime())
  const told = comings(remote)
  const postponed = nextEvent(remote, 'postponed')
  place.server.say('postpone', {})
  await postponed
  await until(() => place.server.connections === 0)
  expect(place.server.left).toEqual(['postponed'])
  expect(await remote.call('echo', 7)).toBe(7)
  expect(place.server.handshakes.at(-1)).toMatchObject({ resume: 'token 1', mayPostpone: true })
  expect(told).toEqual(['postponed'])
})

test('K13 it keeps the connection where it did not agree to this, or waits for an answer', async () => {
  const slow = gate<string>()
  place.server.methods.set('slow', () => slow.opened)
  const unasked = await place.connect({}, new TestTime())
  const busy = await place.connect(mayPostpone, new TestTime())
  const answer = busy.call('slow')
  await until(() => place.server.calls.length === 1)
  place.server.say('postpone', {})
  await unasked.call('echo')
  slow.open('done')
  expect(await answer).toBe('done')
  expect(place.server.left).toEqual([])
  expect(place.server.connections).toBe(2)
})

test('K13 what is asked while the server hears of it is sent over the next connection, once', async () => {
  const remote = await place.connect(mayPostpone, new TestTime())
  const postponed = nextEvent(remote, 'postponed')
  place.server.say('postpone', {})
  await until(() => place.server.left.length === 1)
  const answer = remote.call('echo')
  await postponed
  await answer
  expect(place.server.handshakes).toHaveLength(2)
  expect(place.server.calls).toHaveLength(1)
})

test('K13 where the server changes its mind the connection stays', async () => {
  place.server.answerToLeave = { ok: false, error: { code: 'ILLEGAL_STATE', message: 'Not now.' } }
  const remote = await place.connect(mayPostpone, new TestTime())
  place.server.say('postpone', {})
  await until(() => place.server.left.length === 1)
  await remote.call('echo')
  expect(place.server.handshakes).toHaveLength(1)
})

test('K13 a server that is away when it is needed is told as usual', async () => {
  const remote = await place.connect(mayPostpone, new FastTime())
  const told = comings(remote)
  const postponed = nextEvent(remote, 'postponed')
  place.server.say('postpone', {})
  await postponed
  place.server.refusals = [{ code: 'SERVER_STARTING', message: 'Starting.' }]
  place.server.welcome = { restarted: true }
  await remote.call('echo')
  expect(told).toEqual(['postponed', 'reconnecting', 'resumed'])
})

test('K13 a postponed session that expired ends in the server’s words, and so does what was asked', async () => {
  const remote = await place.connect(mayPostpone, new TestTime())
  const postponed = nextEvent(remote, 'postponed')
  place.server.say('postpone', {})
  await postponed
  place.server.refusals = [{ code: 'SESSION_ENDED', message: 'The postponed session expired.' }]
  const closed = nextEvent(remote, 'closed')
  await expect(remote.call('echo')).rejects.toMatchObject({ code: 'SESSION_ENDED', message: expect.stringContaining('The postponed session expired.') })
  expect(await closed).toEqual({ code: 'SESSION_ENDED', reason: 'The postponed session expired.' })
})

test.each([
  ['sleep', 'The session of the sleeping client expired.'],
  ['postponed', 'The postponed session expired.'],
] as const)('K13 where the server has forgotten a session (%s) that came too late, its client still says why', async (how, reason) => {
  place.server.welcome = { sleepSeconds: 60, postponedSeconds: 60 }
  const time = new TestTime()
  const remote = await place.connect(mayPostpone, time)
  const postponed = nextEvent(remote, 'postponed')
  if (how === 'sleep') await remote.sleep()
  else {
    place.server.say('postpone', {})
    await postponed
  }
  time.advance(60_000)
  place.server.refusals = [{ code: 'SESSION_ENDED', message: 'There is no such session.' }]
  const closed = nextEvent(remote, 'closed')
  await expect(remote.call('echo')).rejects.toMatchObject({ code: 'SESSION_ENDED', message: expect.stringContaining(reason) })
  expect(await closed).toEqual({ code: 'SESSION_ENDED', reason })
})

test('K13 a postponed client that falls asleep tells the server', async () => {
  const remote = await place.connect(mayPostpone, new TestTime())
  const postponed = nextEvent(remote, 'postponed')
  place.server.say('postpone', {})
  await postponed
  await remote.sleep()
  expect(place.server.left).toEqual(['postponed', 'sleep'])
  await until(() => place.server.connections === 0)
  await remote.call('echo')
})

test.each(['sleep', 'postponed'] as const)('K13 one that is away (%s) still says goodbye', async (how) => {
  const remote = await place.connect(mayPostpone, machine)
  if (how === 'sleep') await remote.sleep()
  else {
    const postponed = nextEvent(remote, 'postponed')
    place.server.say('postpone', {})
    await postponed
  }
  await remote.close()
  expect(place.server.byes).toBe(1)
})

test.each([true, false])('K17 a client that is back knows whether the server was restarted: %s', async (restarted) => {
  const remote = await place.connect({}, new FastTime())
  place.server.welcome = { restarted }
  const resumed = nextEvent(remote, 'resumed')
  place.server.cut()
  expect(await resumed).toEqual({ version: place.server.version, restarted })
})

test('K17 variables that are gone are told even where the return is silent', async () => {
  const remote = await place.connect(mayPostpone, new TestTime())
  const postponed = nextEvent(remote, 'postponed')
  place.server.say('postpone', {})
  await postponed
  place.server.welcome = { restarted: true }
  const resumed = nextEvent(remote, 'resumed')
  await remote.call('echo')
  expect(await resumed).toMatchObject({ restarted: true })
})
