import { MethodError, TesseraError } from '@tessera/protocol'
import { expect, test } from 'vitest'
import { eachWithServer, gate } from './connected.ts'
import { FastTime } from './test-time.ts'

const place = eachWithServer()

test('K8 values go both ways, dates, big numbers and bytes included', async () => {
  place.server.methods.set('echo', (...args) => [...args])
  const remote = await place.connect()
  const args = ['a', 1, null, new Date(0), 10n ** 20n, new Uint8Array([1, 2]), { deep: [true] }]
  expect(await remote.call('echo', ...args)).toEqual(args)
})

test('K8 an error of project code arrives with its class, message and stack', async () => {
  place.server.methods.set('fail', () => {
    throw new MethodError('OutOfStock', 'No lamps left.', 'OutOfStock: No lamps left.\n    at methods/order.ts:12:9')
  })
  const remote = await place.connect()
  const failed = remote.call('fail')
  await expect(failed).rejects.toBeInstanceOf(MethodError)
  await expect(failed).rejects.toMatchObject({
    code: 'METHOD_ERROR',
    className: 'OutOfStock',
    message: 'No lamps left.',
    stack: expect.stringContaining('methods/order.ts:12:9'),
  })
})

test('K8 arguments that cannot be kept are refused here, by their place', async () => {
  const remote = await place.connect()
  await expect(remote.call('echo', { run: () => 1 })).rejects.toMatchObject({ code: 'NOT_STORABLE' })
})

test('K4 a call that did not start is repeated with growing waits', async () => {
  let times = 0
  place.server.methods.set('late', () => {
    times += 1
    if (times < 4) throw new TesseraError('CALL_NOT_STARTED', 'No isolate yet.')
    return 'done'
  })
  const time = new FastTime()
  const remote = await place.connect({}, time)
  expect(await remote.call('late')).toBe('done')
  expect(time.waits).toEqual([50, 100, 200])
})

test('K4 after three repeats the error is the caller’s', async () => {
  place.server.methods.set('never', () => {
    throw new TesseraError('CALL_NOT_STARTED', 'No isolate yet.', { retryAfterMs: 500 })
  })
  const time = new FastTime()
  const remote = await place.connect({}, time)
  await expect(remote.call('never')).rejects.toMatchObject({ code: 'CALL_NOT_STARTED' })
  expect(place.server.calls).toHaveLength(4)
  expect(time.waits).toEqual([500, 500, 500])
})

test('K5 oversize arguments are refused before they are sent, and calls beside them live', async () => {
  place.server.welcome = { payloadBytes: 1000 }
  const slow = gate<string>()
  place.server.methods.set('slow', () => slow.opened)
  const remote = await place.connect()
  const other = remote.call('slow')
  await expect(remote.call('big', 'é'.repeat(600))).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE', message: expect.stringContaining('1,000') })
  slow.open('alive')
  expect(await other).toBe('alive')
  expect(place.server.calls.map(({ method }) => method)).toEqual(['slow'])
})

test('K8 a process of its own has its own number, and is closed once', async () => {
  const remote = await place.connect()
  const cart = await remote.process('cart')
  await cart.call('inCart')
  await remote.call('inMain')
  expect(place.server.calls.map(({ process }) => process)).toEqual([cart.number, 1])
  await cart.close()
  await cart.close()
  expect(place.server.opened).toEqual(['cart'])
})

test('K8 the catalog is asked of the server', async () => {
  const remote = await place.connect()
  expect(await remote.catalog()).toMatchObject({ revision: 1, tables: [] })
})
