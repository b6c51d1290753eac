import type { ErrorCode, Reply } from '@tessera/protocol'
import { expect, test } from 'vitest'
import { eachWithServer, nextEvent } from './connected.ts'
import { TestTime } from './test-time.ts'

const place = eachWithServer()
const id = 'F'.repeat(32)

type Answers = Partial<Record<string, Reply<unknown> | null>>

/** What the server says to each request; null: nothing. */
const answers = (given: Answers): void => {
  const all: Answers = {
    startProcedure: { ok: true, value: { processId: id, number: -7 } },
    watchProcedure: { ok: true, value: null },
    cancelProcedure: { ok: true, value: null },
    procedureResult: null,
    ...given,
  }
  place.server.answerProcedures = (event, reply) => {
    const answer = all[event] ?? null
    if (answer !== null) reply(answer)
  }
}
const failed = (code: ErrorCode): Reply<unknown> => ({ ok: false, error: { code, message: 'No.' } })
const asked = (event: string): unknown[] => place.server.procedures.filter(([name]) => name === event).map(([, message]) => message)

test('K25 a handle has id, number and name, and asks for nothing by itself', async () => {
  answers({ procedureResult: { ok: true, value: '{"$date":"2026-01-05T00:00:00.000Z"}' } })
  const remote = await place.connect()
  const handle = await remote.storedProcedures.start('orders/report', [new Date(0)], { unique: true })
  expect(handle).toMatchObject({ id, number: -7, name: 'orders/report' })
  // One more way there and back: whatever else was asked would be there by now.
  await remote.catalog()
  expect(place.server.procedures).toEqual([
    ['startProcedure', { method: 'orders/report', args: '[{"$date":"1970-01-01T00:00:00.000Z"}]', name: '', unique: true }],
  ])
  expect(await handle.result).toEqual(new Date('2026-01-05'))
  expect((await remote.storedProcedures.start('report', [], { name: 'nightly' })).name).toBe('nightly')
})

test('K25 what the server refuses rejects, and arguments over the limit are not sent', async () => {
  answers({ startProcedure: failed('PROCESS_NAME_INVALID') })
  place.server.welcome = { payloadBytes: 100 }
  const remote = await place.connect()
  await expect(remote.storedProcedures.start('report', [], { name: '$x' })).rejects.toMatchObject({ code: 'PROCESS_NAME_INVALID' })
  await expect(remote.storedProcedures.start('report', ['x'.repeat(100)])).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' })
  expect(asked('startProcedure')).toHaveLength(1)
})

test('K26 a result that is waited for is asked for again once the connection is back, and what was followed is followed again', async () => {
  answers({})
  const time = new TestTime()
  const remote = await place.connect({}, time)
  const handle = await remote.storedProcedures.start('report')
  expect(handle.progress).toBeNull()
  const result = handle.result
  await expect.poll(() => asked('procedureResult').length).toBe(1)
  answers({ procedureResult: { ok: true, value: '5' }, watchProcedure: { ok: true, value: { fraction: 0.5, text: 'half' } } })
  const away = nextEvent(remote, 'reconnecting')
  place.server.cut()
  await away
  const resumed = nextEvent(remote, 'resumed')
  time.advance(200)
  await resumed
  expect(await result).toBe(5)
  expect(handle.progress).toEqual({ fraction: 0.5, text: 'half' })
  expect(asked('procedureResult')).toHaveLength(2)
  expect(asked('watchProcedure')).toHaveLength(2)
})

test('K26 a procedure that a restart of the server took along may have run or not', async () => {
  answers({})
  const time = new TestTime()
  const remote = await place.connect({}, time)
  const { result } = await remote.storedProcedures.start('report')
  await expect.poll(() => asked('procedureResult').length).toBe(1)
  answers({ procedureResult: failed('PROCESS_NOT_FOUND') })
  place.server.welcome = { restarted: true }
  const away = nextEvent(remote, 'reconnecting')
  place.server.cut()
  await away
  time.advance(200)
  await expect(result).rejects.toMatchObject({ code: 'CALL_INTERRUPTED' })
})

test('K27 listeners hear what is known and each change, in order, until the end', async () => {
  answers({ watchProcedure: { ok: true, value: { fraction: 0.1, text: 'known' } } })
  const remote = await place.connect()
  const handle = await remote.storedProcedures.start('report')
  const heard: string[] = []
  const stop = handle.onProgress(({ text }) => heard.push(text))
  await expect.poll(() => heard).toEqual(['known'])
  place.server.say('progress', { processId: id, fraction: 0.5, text: 'half' })
  place.server.say('progress', { processId: 'A'.repeat(32), fraction: 0.5, text: 'another' })
  await expect.poll(() => heard).toEqual(['known', 'half'])
  handle.onProgress(({ text }) => heard.push(`late ${text}`))
  expect(heard).toEqual(['known', 'half', 'late half'])
  stop()
  place.server.say('progress', { processId: id, fraction: 1, text: 'end' })
  await expect.poll(() => heard).toEqual(['known', 'half', 'late half', 'late end'])
  expect(handle.progress).toEqual({ fraction: 1, text: 'end' })
  expect(asked('watchProcedure')).toHaveLength(1)
})

test('K27 what was known when it was asked is told before what has changed since', async () => {
  place.server.answerProcedures = (event, reply) => {
    if (event !== 'watchProcedure') return
    // One frame behind the other, as they leave a server in one turn: the second is heard before whoever awaits the first goes on.
    reply({ ok: true, value: { fraction: 0.5, text: 'half' } })
    place.server.say('progress', { processId: id, fraction: 0.75, text: 'more' })
  }
  const remote = await place.connect()
  for (let time = 0; time < 20; time++) {
    const heard: number[] = []
    void remote.storedProcedures.follow(id, ({ fraction }) => heard.push(fraction))
    await expect.poll(() => heard).toContain(0.75)
    await new Promise((resolve) => setImmediate(resolve))
    expect(heard).toEqual([0.5, 0.75])
  }
})

test('K28 cancelling tells the reason, and whether there was anything to cancel', async () => {
  answers({})
  const remote = await place.connect()
  const handle = await remote.storedProcedures.start('report')
  expect(await handle.cancel('too slow')).toBe(true)
  expect(asked('cancelProcedure')).toEqual([{ processId: id, reason: 'too slow' }])
  answers({ cancelProcedure: failed('ILLEGAL_STATE') })
  expect(await handle.cancel()).toBe(false)
  answers({ cancelProcedure: failed('NOT_ALLOWED') })
  await expect(handle.cancel()).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
})
