import type { Storable } from '@tessera/protocol'
import { expect, test } from 'vitest'
import { type ContractRoom, eventually, failureOf } from './contract-room.ts'

/** What calls do besides their result, and how they end early. */
export const lifeContract = (room: ContractRoom): void => {
  test('X11 cancelling ends the call for its caller and aborts its signal', async () => {
    const id = room.engine.openSession('CANCEL')
    const process = room.engine.process(id)
    const { call, outcome } = room.engine.start(process, 'cancellable')
    await room.engine.call(process, 'hello', 'x')
    room.host.cancel(call, 'changed my mind')
    expect(await outcome).toMatchObject({ ok: false, error: { code: 'CALL_CANCELLED', message: 'changed my mind' } })
    await eventually(() => room.engine.slots(id)['aborted'] === 'changed my mind')
  })

  test('X12 what a method prints reaches the log with its name', async () => {
    await room.engine.call(room.engine.process(room.engine.openSession('LOG')), 'say', 'hi')
    await eventually(() => room.lines.some(({ message }) => message === 'say: bad'))
    expect(room.lines).toContainEqual({
      level: 'info',
      message: 'say: said hi { a: 1 }',
      fields: { isolate: expect.any(String), method: 'say', sessionId: 'LOG', request: expect.any(String) },
    })
    expect(room.lines).toContainEqual({ level: 'error', message: 'say: bad', fields: expect.anything() })
  })

  test('P57 code asks what runs, of all sessions or one, and hears at once of options that are none', async () => {
    expect(await room.engine.call(room.engine.process(room.engine.openSession('ACTIVE')), 'activity')).toEqual([{ processes: [] }, null, 'BAD_REQUEST'])
  })

  test('P65, P66 the request id reaches the log, and a timed call tells where its time went', async () => {
    const process = room.engine.process(room.engine.openSession('TIMED'))
    expect(await room.engine.startTimed(process, 'say', ['hi'])).toMatchObject({ ok: true, timings: { runMs: expect.any(Number), storageMs: 0, dataMs: 0 } })
    await eventually(() => room.lines.some(({ fields }) => JSON.stringify(fields).includes('"request":"request ')))
    expect(await room.engine.startTimed(process, 'orders/fail', [3])).toMatchObject({ ok: false, timings: { storageMs: 0 } })
    expect(await room.engine.start(process, 'hello', ['x']).outcome).not.toHaveProperty('timings')
  })

  test('X1 a stored procedure runs in its own session and gives its result', async () => {
    const process = room.engine.process(room.engine.openSession('STARTER'))
    expect(await room.engine.call(process, 'startProcedure', 'procedure', 21)).toEqual({ number: 100, result: { id: 'PROCEDURES', name: 'night', twice: 42 } })
    expect(room.engine.progress.map(({ fraction, text }) => [fraction, text])).toEqual([
      [0.5, 'half'],
      [1, ''],
    ])
    expect(await failureOf(room.engine.call(process, 'startProcedure', 'nothing'))).toMatchObject({ code: 'METHOD_NOT_FOUND' })
  })

  test('P42 whoever started a stored procedure follows it in its own session, and cancels it', async () => {
    const process = room.engine.process(room.engine.openSession('FOLLOWS'))
    const { before, name, heard, result, last, again } = (await room.engine.call(process, 'followProcedure')) as Record<string, Storable>
    expect([before, name, result, last, again]).toEqual([null, 'steps', 'left: enough', { fraction: 0.3, text: 'leaving' }, false])
    // Whether its cancelling is answered before or after its next word is up to the engine.
    expect((heard as Storable[]).toSorted()).toEqual([
      ['FOLLOWS', 'leaving'],
      ['FOLLOWS', 'waiting'],
      ['told', true],
    ])
  })

  test('P42 a listener that throws ends the call that listens, and no other', async () => {
    const process = room.engine.process(room.engine.openSession('BREAKS'))
    expect(await failureOf(room.engine.call(process, 'badListener'))).toMatchObject({ code: 'METHOD_ERROR', message: 'listener broke' })
    expect(await room.engine.call(process, 'hello', 'x')).toEqual(expect.anything())
  })

  test('P43 a call that is only signalled ends as its method ends it', async () => {
    const process = room.engine.process(room.engine.openSession('SIGNALLED'))
    const { call, outcome } = room.engine.start(process, 'cancellable')
    await room.engine.call(process, 'hello', 'x')
    room.host.signal(call, 'please stop')
    expect(await outcome).toMatchObject({ ok: true, value: '"ignored"' })
    room.host.signal(call, 'too late')
  })

  test('X1 reloadProject asks the engine', async () => {
    expect(await room.engine.call(room.engine.process(room.engine.openSession('RELOADS')), 'reload')).toBe(null)
    expect(room.engine.reloads).toBe(1)
  })

  test('X1 what a method leaves behind goes on in its session after the call', async () => {
    const id = room.engine.openSession('BEHIND')
    expect(await room.engine.call(room.engine.process(id), 'leaveBehind', 'later')).toBe('gone')
    await eventually(() => room.engine.slots(id)['later'] === 'BEHIND')
  })

  test('X47 a result over the limit is refused where it was made, with both sizes, and costs nobody else', async () => {
    const process = room.engine.process(room.engine.openSession('LARGE'))
    room.engine.resultBytes = 20
    const results = [
      room.engine.call(process, 'echo', 'x'.repeat(18)),
      failureOf(room.engine.call(process, 'echo', 'é'.repeat(10))),
      room.engine.call(process, 'echo', 'é'.repeat(9)),
    ]
    room.engine.resultBytes = 8_388_608
    expect(await results[0]).toBe('x'.repeat(18))
    expect(await results[1]).toMatchObject({ code: 'RESULT_TOO_LARGE', message: 'The result of "echo" has 22 bytes; at most 20 can be sent.' })
    expect(await results[2]).toBe('é'.repeat(9))
    expect(await room.engine.call(process, 'echo', 1)).toBe(1)
  })

  // The last one: lines of the same second are dropped.
  test('X12 a flood of lines is cut', async () => {
    await room.engine.call(room.engine.process(room.engine.openSession('FLOOD')), 'flood', 5000)
    expect(room.lines.filter(({ message }) => message.startsWith('flood: ')).length).toBeLessThanOrEqual(200)
  })
}
