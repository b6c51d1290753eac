import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Emitter } from '../src/emitter.ts'
import { eachWithServer, nextEvent } from './connected.ts'
import { FastTime } from './test-time.ts'

const place = eachWithServer()
const received = async (count: number): Promise<readonly number[]> => {
  while (place.server.received.length < count) await pause(1)
  return place.server.received
}

test('K14 a message is acknowledged once its listeners have run', async () => {
  const remote = await place.connect()
  const order: string[] = []
  remote.on('message', ({ text }) => order.push(`${text}, ${place.server.received.length} acknowledged`))
  place.server.message(1, 'one')
  place.server.message(2, 'two')
  expect(await received(2)).toEqual([1, 2])
  expect(order[0]).toBe('one, 0 acknowledged')
  expect(order).toHaveLength(2)
})

test('K14 a message that comes before anybody could listen counts as received when it was shown', () => {
  const events = new Emitter<{ message: string }>()
  const order: string[] = []
  events.emit('message', 'early', () => order.push('received'))
  events.on('message', (text) => order.push(text))
  expect(order).toEqual([])
  events.release()
  events.emit('message', 'late', () => order.push('received'))
  expect(order).toEqual(['early', 'received', 'late', 'received'])
})

test('K14 told again after a resume, a message is shown once and acknowledged again; the next one is shown', async () => {
  const remote = await place.connect({}, new FastTime())
  const shown: string[] = []
  remote.on('message', ({ text }) => shown.push(text))
  place.server.message(1, 'one')
  await received(1)
  const resumed = nextEvent(remote, 'resumed')
  place.server.cut()
  await resumed
  place.server.message(1, 'one')
  place.server.message(2, 'two')
  expect(await received(3)).toEqual([1, 1, 2])
  expect(shown).toEqual(['one', 'two'])
})
