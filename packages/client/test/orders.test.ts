import { setTimeout as pause } from 'node:timers/promises'
import { MethodError, TesseraError } from '@tessera/protocol'
import { expect, test } from 'vitest'
import { eachWithServer, gate, nextEvent } from './connected.ts'
import { FastTime } from './test-time.ts'

const place = eachWithServer()
/** All that the server heard, once it is so much. */
const heard = async (count: number): Promise<readonly string[]> => {
  while (place.server.heard.length < count) await pause(1)
  return place.server.heard
}

test('K30 an order is acknowledged, run, and answered with what its method returned', async () => {
  const remote = await place.connect()
  remote.serveOrders((method, args) => [method, ...args])
  await remote.register('till')
  place.server.order(1, 'ring', 2n, 'x')
  expect(await heard(3)).toEqual(['register till', 'has 1', '1 ["ring",{"$bigint":"2"},"x"]'])
})

test('K30 an order that comes with the welcome waits for whoever runs it', async () => {
  place.server.rightAfterWelcome = [['order', { order: 1, method: 'ring', args: '[]', from: 'ann' }]]
  const remote = await place.connect()
  remote.serveOrders(() => 'rang')
  expect(await heard(1)).toEqual(['1 "rang"'])
})

test('K31 what cannot be run or answered is an error, and the next order runs', async () => {
  const remote = await place.connect()
  place.server.welcome = {}
  place.server.order(1, 'early')
  expect(await heard(2)).toEqual(['has 1', '1 METHOD_NOT_FOUND'])
  const thrown = [new MethodError('OutOfPaper', 'x', ''), new TesseraError('ILLEGAL_STATE', 'x'), new RangeError('x'), 'text']
  remote.serveOrders((method) => {
    if (method === 'throw') throw thrown.shift()
    return method === 'huge' ? 'x'.repeat(1_048_577) : () => 1
  })
  for (const [index, method] of ['throw', 'throw', 'throw', 'throw', 'huge', 'function'].entries()) place.server.order(index + 2, method)
  const codes = (await heard(14)).filter((line) => !line.startsWith('has')).slice(1)
  expect(codes.sort()).toEqual(['2 METHOD_ERROR', '3 ILLEGAL_STATE', '4 METHOD_ERROR', '5 METHOD_ERROR', '6 RESULT_TOO_LARGE', '7 RESULT_NOT_STORABLE'])
})

test('K32 told again, an order is not run again, and its answer is given again', async () => {
  const remote = await place.connect({}, new FastTime())
  const running = gate<string>()
  let runs = 0
  remote.serveOrders(() => {
    runs += 1
    return running.opened
  })
  place.server.order(1, 'ring')
  await heard(1)
  const resumed = nextEvent(remote, 'resumed')
  place.server.cut()
  await resumed
  place.server.order(1, 'ring')
  await heard(2)
  running.open('rang')
  await heard(3)
  place.server.order(1, 'ring')
  expect(await heard(5)).toEqual(['has 1', 'has 1', '1 "rang"', 'has 1', '1 "rang"'])
  expect(runs).toBe(1)
})

test('K32 an answer that is lost with its connection is given again', async () => {
  const remote = await place.connect({}, new FastTime())
  remote.serveOrders(() => 'rang')
  place.server.cutAtDone = true
  const resumed = nextEvent(remote, 'resumed')
  place.server.order(1, 'ring')
  await resumed
  place.server.cutAtDone = false
  expect((await heard(3)).filter((line) => line === '1 "rang"')).toHaveLength(2)
})

test('K33 who takes a session over runs only what was told to nobody before', async () => {
  place.server.welcome = { toldOrder: 4 }
  const remote = await place.connect({ resume: 'token' })
  const ran: string[] = []
  remote.serveOrders((method) => ran.push(method))
  place.server.order(4, 'before')
  place.server.order(5, 'mine')
  expect((await heard(4)).toSorted()).toEqual(['4 CALL_INTERRUPTED', '5 1', 'has 4', 'has 5'])
  expect(ran).toEqual(['mine'])
})
