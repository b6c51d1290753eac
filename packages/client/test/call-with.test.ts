import { getEventListeners } from 'node:events'
import { TesseraError } from '@tessera/protocol'
import { expect, test, vi } from 'vitest'
import { eachWithServer, gate, nextEvent } from './connected.ts'
import { FastTime, TestTime } from './test-time.ts'

const place = eachWithServer()

test('K20 deadline, key and an id of the request go with the call, in a process of its own too', async () => {
  const remote = await place.connect()
  const cart = await remote.process('cart')
  await remote.call('plain')
  await remote.callWith({ deadlineMs: 500 }, 'a', 1)
  await remote.callWith({ key: 'k' }, 'b')
  await cart.callWith({ signal: new AbortController().signal }, 'c')
  const request = expect.stringMatching(/^[0-9a-f-]{36}$/)
  expect(place.server.extras).toEqual([{}, { deadlineMs: 500 }, { key: 'k', request }, { request }])
  expect(place.server.calls.map(({ process, args }) => [process, args])).toEqual([
    [1, []],
    [1, [1]],
    [1, []],
    [cart.number, []],
  ])
})

test('K20 a deadline or a key that is none is refused before anything is sent', async () => {
  const remote = await place.connect()
  for (const deadlineMs of [0, -1, 0.5, Number.NaN, 86_400_001]) {
    await expect(remote.callWith({ deadlineMs }, 'a')).rejects.toMatchObject({ code: 'DEADLINE_INVALID' })
  }
  for (const key of ['', 'x'.repeat(201)]) await expect(remote.callWith({ key }, 'a')).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  await remote.call('b')
  expect(place.server.calls.map(({ method }) => method)).toEqual(['b'])
})

test('K21 a call that was sent ends at once when its signal aborts, and is cancelled on the server under its request', async () => {
  const slow = gate<string>()
  place.server.methods.set('slow', () => slow.opened)
  const remote = await place.connect()
  const [first, second] = [new AbortController(), new AbortController()]
  const [cancelled, kept] = [remote.callWith({ signal: first.signal }, 'slow'), remote.callWith({ signal: second.signal }, 'slow')]
  await vi.waitFor(() => expect(place.server.extras).toHaveLength(2))
  first.abort(new Error('enough'))
  await expect(cancelled).rejects.toMatchObject({ code: 'CALL_CANCELLED', cause: { message: 'enough' } })
  await vi.waitFor(() => expect(place.server.cancelled).toEqual([place.server.extras[0]?.request]))
  slow.open('done')
  expect(await kept).toBe('done')
  second.abort()
  await remote.call('later')
  expect(place.server.cancelled).toHaveLength(1)
})

test('K21 one signal for many calls has one listener, ends them all, and has none afterwards', async () => {
  const slow = gate<string>()
  place.server.methods.set('slow', () => slow.opened)
  const remote = await place.connect()
  const { signal } = new AbortController()
  const done = Array.from({ length: 30 }, () => remote.callWith({ signal }, 'slow'))
  expect(getEventListeners(signal, 'abort')).toHaveLength(1)
  slow.open('done')
  await Promise.all(done)
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  const never = gate<string>()
  place.server.methods.set('slow', () => never.opened)
  const all = new AbortController()
  const cancelled = Promise.allSettled(Array.from({ length: 30 }, () => remote.callWith({ signal: all.signal }, 'slow')))
  all.abort()
  expect((await cancelled).every(({ status }) => status === 'rejected')).toBe(true)
  expect(getEventListeners(all.signal, 'abort')).toHaveLength(0)
})

test('K21 a call that was not sent is dropped, and the server hears of neither', async () => {
  const time = new TestTime()
  const remote = await place.connect({}, time)
  await expect(remote.callWith({ signal: AbortSignal.abort() }, 'never')).rejects.toMatchObject({ code: 'CALL_CANCELLED' })
  const away = nextEvent(remote, 'reconnecting')
  place.server.cut()
  await away
  const wanted = new AbortController()
  const dropped = remote.callWith({ signal: wanted.signal }, 'dropped')
  const waiting = remote.call('waiting')
  wanted.abort()
  await expect(dropped).rejects.toMatchObject({ code: 'CALL_CANCELLED' })
  time.advance(200)
  await waiting
  expect(place.server.calls.map(({ method }) => method)).toEqual(['waiting'])
  expect(place.server.cancelled).toEqual([])
})

test('K21 a call that the server may have and that waits to be asked again is cancelled there after the resume', async () => {
  const time = new TestTime()
  const remote = await place.connect({}, time)
  place.server.methods.set('slow', () => new Promise<never>(() => undefined))
  const wanted = new AbortController()
  const call = remote.callWith({ signal: wanted.signal, key: 'k' }, 'slow')
  await vi.waitFor(() => expect(place.server.extras).toHaveLength(1))
  const away = nextEvent(remote, 'reconnecting')
  place.server.cut()
  await away
  wanted.abort()
  await expect(call).rejects.toMatchObject({ code: 'CALL_CANCELLED' })
  time.advance(200)
  await vi.waitFor(() => expect(place.server.cancelled).toEqual([place.server.extras[0]?.request]))
  expect(place.server.calls).toHaveLength(1)
})

test('K21 a call that waits to be repeated ends when its signal aborts', async () => {
  const wanted = new AbortController()
  place.server.methods.set('never', () => {
    throw new TesseraError('CALL_NOT_STARTED', 'No isolate yet.')
  })
  const time = new TestTime()
  const remote = await place.connect({}, time)
  const call = remote.callWith({ signal: wanted.signal }, 'never')
  const before = time.waiting
  await vi.waitFor(() => expect(time.waiting).toBeGreaterThan(before))
  wanted.abort()
  await expect(call).rejects.toMatchObject({ code: 'CALL_CANCELLED' })
  expect(place.server.calls).toHaveLength(1)
})

test('K22 a call with a key is asked again after a lost connection, under the same key and request, before what waited', async () => {
  const time = new TestTime()
  const remote = await place.connect({}, time)
  let isFirst = true
  place.server.methods.set('pay', (amount) => {
    if (!isFirst) return `paid ${String(amount)}`
    isFirst = false
    return new Promise<never>(() => undefined)
  })
  const paid = remote.callWith({ key: 'invoice 7' }, 'pay', 42)
  await vi.waitFor(() => expect(place.server.extras).toHaveLength(1))
  const away = nextEvent(remote, 'reconnecting')
  place.server.cut()
  await away
  const waiting = remote.call('waiting')
  time.advance(200)
  expect(await paid).toBe('paid 42')
  await waiting
  expect(place.server.calls.map(({ method }) => method)).toEqual(['pay', 'pay', 'waiting'])
  expect(place.server.extras[1]).toEqual(place.server.extras[0])
  expect(place.server.extras[0]).toMatchObject({ key: 'invoice 7' })
})

test('K23 a call that is one too many for the server is not repeated', async () => {
  place.server.methods.set('more', () => {
    throw new TesseraError('TOO_MANY_CALLS', 'Enough.', { retryAfterMs: 1000 })
  })
  const time = new FastTime()
  const remote = await place.connect({}, time)
  await expect(remote.call('more')).rejects.toMatchObject({ code: 'TOO_MANY_CALLS', retryAfterMs: 1000 })
  expect([place.server.calls.length, time.waits]).toEqual([1, []])
})
