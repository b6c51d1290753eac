import { expect, test } from 'vitest'
import { eachWithServer, gate, nextEvent } from './connected.ts'
import { FastTime, TestTime } from './test-time.ts'

const place = eachWithServer()

test('K2 a lost connection is resumed with the latest token; the session stays and waiting calls are sent in order', async () => {
  place.server.methods.set('echo', (value) => value ?? null)
  const time = new TestTime()
  const remote = await place.connect({ user: 'ann', password: 'secret' }, time)
  for (const token of ['token 1', 'token 2']) {
    const away = nextEvent(remote, 'reconnecting')
    place.server.cut()
    expect(await away).toEqual({ graceMs: 900_000 })
    const waiting = Promise.all([remote.call('echo', 1), remote.call('echo', 2)])
    const resumed = nextEvent(remote, 'resumed')
    time.advance(200)
    await resumed
    expect(await waiting).toEqual([1, 2])
    expect(place.server.handshakes.at(-1)).toMatchObject({ resume: token })
    expect(place.server.handshakes.at(-1)).not.toHaveProperty('password')
  }
  expect(remote.sessionId).toBe('A'.repeat(32))
  expect(remote.ticket).toBe('ticket 3')
  expect(place.server.calls.map(({ args }) => args)).toEqual([[1], [2], [1], [2]])
})

test('K2 it tries again with growing waits while the server is away, or says that trying again helps', async () => {
  const time = new FastTime()
  const remote = await place.connect({}, time)
  place.server.refusals = [
    { code: 'SERVER_STARTING', message: 'Starting.' },
    { code: 'SERVER_STARTING', message: 'Starting.', retryAfterMs: 3000 },
    { code: 'SERVER_STARTING', message: 'Starting.' },
  ]
  const resumed = nextEvent(remote, 'resumed')
  place.server.cut()
  await resumed
  expect(time.waits).toEqual([200, 400, 3000, 1600])
})

test('K2 after the grace period the session is over', async () => {
  place.server.welcome = { graceSeconds: 20 }
  const time = new FastTime()
  const remote = await place.connect({}, time)
  const closed = nextEvent(remote, 'closed')
  place.server.listening = false
  place.server.cut()
  expect(await closed).toMatchObject({ code: 'CONNECTION_LOST' })
  expect(time.waits).toEqual([200, 400, 800, 1600, 3200, 5000, 5000, 5000])
  await expect(remote.call('echo')).rejects.toMatchObject({ code: 'SESSION_ENDED' })
})

test('K2 a server that no longer knows the session ends it here too, and what waited is told', async () => {
  const time = new TestTime()
  const remote = await place.connect({}, time)
  const away = nextEvent(remote, 'reconnecting')
  place.server.cut()
  await away
  const waiting = remote.call('echo')
  place.server.refusals = [{ code: 'SESSION_ENDED', message: 'It expired.' }]
  const closed = nextEvent(remote, 'closed')
  time.advance(200)
  expect(await closed).toEqual({ code: 'SESSION_ENDED', reason: 'It expired.' })
  await expect(waiting).rejects.toMatchObject({ code: 'SESSION_ENDED' })
})

test('K2 at most 10,000 calls wait', async () => {
  const time = new TestTime()
  const remote = await place.connect({}, time)
  const away = nextEvent(remote, 'reconnecting')
  place.server.cut()
  await away
  const waiting = Array.from({ length: 10_000 }, (_, index) => remote.call('echo', index))
  await expect(remote.call('echo', 'one too many')).rejects.toMatchObject({ code: 'TOO_MANY_CALLS' })
  const resumed = nextEvent(remote, 'resumed')
  time.advance(200)
  await resumed
  await Promise.all(waiting)
  expect(place.server.calls).toHaveLength(10_000)
})

test('K2 another program takes the session up with its token', async () => {
  const first = await place.connect()
  const second = await place.connect({ resume: first.resumeToken })
  expect(place.server.handshakes.at(-1)).toMatchObject({ resume: 'token 1' })
  expect(second.sessionId).toBe(first.sessionId)
})

test('K3 a call whose answer was lost is CALL_INTERRUPTED and is not repeated', async () => {
  const time = new FastTime()
  const started = gate<null>()
  place.server.methods.set('slow', () => {
    started.open(null)
    return new Promise(() => {})
  })
  const remote = await place.connect({}, time)
  const interrupted = remote.call('slow')
  await started.opened
  const resumed = nextEvent(remote, 'resumed')
  place.server.cut()
  await expect(interrupted).rejects.toMatchObject({ code: 'CALL_INTERRUPTED', retryable: false })
  await resumed
  await remote.call('echo')
  expect(place.server.calls.map(({ method }) => method)).toEqual(['slow', 'echo'])
})

test('K3 a process whose opening was never answered is closed after the resume; those that are known stay', async () => {
  const remote = await place.connect({}, new FastTime())
  const kept = await remote.process('kept')
  const resumed = nextEvent(remote, 'resumed')
  await expect(remote.process('unanswered')).rejects.toMatchObject({ code: 'CALL_INTERRUPTED' })
  await resumed
  await kept.call('echo')
  expect(place.server.closedProcesses).toEqual([3])
})

test('K7 a closing notice ends the session for good', async () => {
  const remote = await place.connect({}, new FastTime())
  const closed = nextEvent(remote, 'closed')
  place.server.say('closing', { code: 'SESSION_ENDED', reason: 'Stocktaking.' })
  place.server.cut()
  expect(await closed).toEqual({ code: 'SESSION_ENDED', reason: 'Stocktaking.' })
  await expect(remote.call('echo')).rejects.toMatchObject({ code: 'SESSION_ENDED', message: expect.stringContaining('Stocktaking.') })
  expect(place.server.handshakes).toHaveLength(1)
})

test('K7 a session that another connection took over ends here with CONNECTION_REPLACED', async () => {
  const remote = await place.connect({}, new FastTime())
  const running = remote.call('slow')
  place.server.methods.set('slow', () => new Promise(() => {}))
  const closed = nextEvent(remote, 'closed')
  place.server.say('closing', { code: 'CONNECTION_REPLACED', reason: 'Another program uses this session now.' })
  expect(await closed).toMatchObject({ code: 'CONNECTION_REPLACED' })
  await expect(running).rejects.toMatchObject({ code: 'CALL_INTERRUPTED' })
  expect(place.server.handshakes).toHaveLength(1)
})
