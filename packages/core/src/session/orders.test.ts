import { limits, MethodError, TesseraError } from '@tessera/protocol'
import { expect, test } from 'vitest'
import { HeldJournal, startTestEngine, type TestClient, type TestEngine } from '../testing/index.ts'

const till = async (engine: TestEngine, name = 'till'): Promise<TestClient> => {
  const client = await engine.connect(name)
  await client.register(name)
  return client
}
/** What the client was told since it connected, as `number method`. */
const told = (engine: TestEngine, { id }: TestClient): string[] =>
  engine.heard('order.told').flatMap(({ sessionId, order }) => (sessionId === id ? [`${order.number} ${order.method}`] : []))
const results = (engine: TestEngine, { id }: { id: string }) => engine.operator.dispatch('order.results', { id })

test('P70, P79 a client registers once, under a name that others may have too, and is listed', async () => {
  const engine = await startTestEngine()
  const [ana, bob] = [await engine.connect('ana', { machineName: 'desk' }), await till(engine, 'Till')]
  await expect(ana.register(' @ ')).rejects.toMatchObject({ code: 'CLIENT_NAME_INVALID' })
  await ana.register('till')
  await expect(ana.register('desk')).rejects.toMatchObject({ code: 'ALREADY_EXISTS', message: expect.stringContaining('"till"') })
  expect(engine.reads.clients()).toMatchObject([
    { name: 'till', sessionId: ana.id, userName: 'Designer', machineName: 'desk', pending: 0 },
    { name: 'Till', sessionId: bob.id },
  ])
  await engine.operator.order('TILL', 'ring')
  await engine.operator.order('till', 'ring')
  expect(engine.reads.clients().map(({ pending }) => pending)).toEqual([2, 2])
  await ana.unregister()
  await ana.unregister()
  expect(engine.heard('client.unregistered')).toHaveLength(1)
  expect(engine.reads.clients()).toHaveLength(1)
  await ana.register('desk')
  expect(engine.reads.clients()[0]).toMatchObject({ name: 'desk', pending: 1 })
})

test('P70 a server that registers all its clients does so as they connect, where their name can be one', async () => {
  const engine = await startTestEngine({ registerClients: 'machine' })
  const [ana] = await Promise.all(['ana@shop', '@', 'desk 4'].map((machineName) => engine.connect(null, { machineName })))
  expect(engine.reads.clients().map(({ name }) => name)).toEqual(['ana shop', 'desk 4'])
  expect(engine.heard('client.registered')).toMatchObject([{ client: 'ana shop' }, { client: 'desk 4' }])
  await expect(ana?.register('till')).rejects.toMatchObject({ code: 'ALREADY_EXISTS' })
  const next = engine.kill()
  await next.start()
  expect(next.reads.clients()).toHaveLength(2)
  const byUser = await startTestEngine({ registerClients: 'user' })
  await byUser.connect('ana')
  expect(byUser.reads.clients()).toMatchObject([{ name: 'Designer' }])
})

test('P71 nobody of a plain name is an error, nobody of a pattern is not, and alone there is nobody', async () => {
  const engine = await startTestEngine()
  await till(engine)
  await expect(engine.operator.order('desk', 'ring')).rejects.toMatchObject({ code: 'CLIENT_NOT_REGISTERED' })
  await expect(engine.operator.order(' ', 'ring')).rejects.toMatchObject({ code: 'CLIENT_NAME_INVALID' })
  await expect(engine.operator.order('till', '')).rejects.toMatchObject({ code: 'METHOD_NOT_FOUND' })
  await expect(engine.operator.order('till', 'ring', 'x'.repeat(1_048_576))).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' })
  const none = await engine.operator.order('desk@', 'ring')
  expect((await results(engine, none)).recipients).toEqual([])
  const alone = await startTestEngine({ standalone: true })
  expect((await alone.operator.order('till', 'ring')).recipients).toEqual([])
  expect(engine.heard('order.queued')).toEqual([])
})

test('P72 a client is told of one order at a time, and of the next when it has answered', async () => {
  const engine = await startTestEngine()
  const ana = await till(engine)
  const [one, two] = [await engine.operator.order('till', 'one', 1), await engine.operator.order('till', 'two')]
  expect(engine.heard('order.told')).toMatchObject([{ sessionId: ana.id, order: { number: 1, method: 'one', args: '[1]', from: 'Designer (console)' } }])
  await ana.orderReceived(1)
  expect(engine.reads.order(one.id).recipients).toMatchObject([{ state: 'received', clientName: 'till' }])
  await ana.orderDone(1, { ok: 'yes' })
  await engine.settle()
  expect(told(engine, ana)).toEqual(['1 one', '2 two'])
  expect(await results(engine, one)).toMatchObject({ recipients: [{ sessionId: ana.id, state: 'done', value: '{"ok":"yes"}', error: null }] })
  expect(engine.reads.order(two.id).recipients).toMatchObject([{ state: 'queued' }])
})

test('P72 an order is acknowledged once it is durable, told no sooner, and one that cannot be kept never was', async () => {
  const engine = await startTestEngine()
  const ana = await till(engine)
  engine.journal.hold()
  let acknowledged = false
  const ordered = engine.operator.order('till', 'ring').then(() => {
    acknowledged = true
  })
  await engine.settle()
  expect([acknowledged, told(engine, ana)]).toEqual([false, []])
  await engine.journal.release()
  await ordered
  expect(told(engine, ana)).toEqual(['1 ring'])
  engine.journal.fill()
  await expect(engine.operator.order('till', 'lost')).rejects.toMatchObject({ code: 'JOURNAL_UNWRITABLE' })
  await expect(engine.operator.order('@', 'lost')).rejects.toMatchObject({ code: 'JOURNAL_UNWRITABLE' })
  await engine.journal.release()
  await ana.orderDone(1, null)
  await engine.operator.order('till', 'next')
  expect(told(engine, ana)).toEqual(['1 ring', '4 next'])
})

test('P73 a client that is away is told of its orders when it is back, from the first that it has not done', async () => {
  const engine = await startTestEngine()
  const ana = await till(engine)
  await engine.operator.order('till', 'one')
  await ana.lose()
  await engine.operator.order('till', 'two')
  expect(await ana.resume()).toMatchObject({ order: { number: 1, method: 'one' }, toldOrder: 1 })
  await ana.lose()
  await ana.orderDone(1, null)
  expect(told(engine, ana)).toEqual(['1 one'])
  expect(await ana.resume()).toMatchObject({ order: null, toldOrder: 1 })
  await engine.settle()
  expect(told(engine, ana)).toEqual(['1 one', '2 two'])
})

test('P73 a server that was killed has the registration and the orders again, and who waits asks anew', async () => {
  const engine = await startTestEngine()
  const ana = await till(engine)
  const one = await engine.operator.order('till', 'one', 'x')
  const two = await engine.operator.order('till', 'two')
  await ana.orderReceived(1)
  const next = engine.kill()
  await next.start()
  ana.follow(next.engine)
  expect(next.reads.clients()).toMatchObject([{ name: 'till', sessionId: ana.id, pending: 2 }])
  expect(await ana.resume()).toMatchObject({ order: { number: 1, method: 'one', args: '["x"]' }, toldOrder: 1 })
  await ana.orderDone(1, 'done')
  await ana.orderDone(2, 'done')
  await next.settle()
  expect(told(next, ana)).toEqual(['2 two'])
  await ana.orderDone(2, 'done')
  for (const { id } of [one, two]) expect((await results(next, { id })).recipients).toMatchObject([{ state: 'done', value: '"done"' }])
  expect((await next.operator.order('till', 'three')).recipients).toHaveLength(1)
  expect(told(next, ana)).toEqual(['2 two', '3 three'])
})

test('P74 an order to many is settled client by client: by a value, an error, or the end of the session', async () => {
  const engine = await startTestEngine()
  const clients = await Promise.all(['till 1', 'till 2', 'till 3', 'till 4', 'desk'].map((name) => till(engine, name)))
  const [one, two, three, four] = clients
  await engine.operator.order('till 4', 'first')
  const { id, recipients } = await engine.operator.order('till @', 'ring')
  expect(recipients.map(({ clientName, state }) => [clientName, state])).toEqual(['till 1', 'till 2', 'till 3', 'till 4'].map((name) => [name, 'queued']))
  let over = false
  const waiting = results(engine, { id }).then((row) => {
    over = true
    return row
  })
  await one?.orderDone(1, 1n)
  await two?.orderDone(1, new MethodError('OutOfPaper', 'No paper.', 'OutOfPaper: No paper.\n    at methods/ring.ts:1:1'))
  await three?.close()
  await engine.settle()
  expect(over).toBe(false)
  await engine.operator.disconnect([four?.id ?? ''])
  expect((await waiting).recipients).toMatchObject([
    { state: 'done', value: '{"$bigint":"1"}' },
    { state: 'failed', error: { code: 'METHOD_ERROR', className: 'OutOfPaper', stack: expect.stringContaining('ring.ts') } },
    { state: 'failed', error: { code: 'CALL_INTERRUPTED' } },
    { state: 'failed', error: { code: 'SESSION_ENDED' } },
  ])
  await expect(results(engine, { id: 'none' })).rejects.toMatchObject({ code: 'SENDING_NOT_FOUND' })
})

test('P74 an answer over the limit fails, and the answers to one order take a bounded memory', async () => {
  const engine = await startTestEngine({ payloadBytes: 1000 })
  const clients = await Promise.all(Array.from({ length: 66 }, (_, index) => till(engine, `till ${index}`)))
  const { id } = await engine.operator.order('@', 'ring')
  for (const [index, client] of clients.entries()) await client.orderDone(1, 'x'.repeat(index === 0 ? 1000 : 998))
  const { recipients } = await results(engine, { id })
  expect(recipients.map(({ state }) => state)).toEqual(['failed', ...Array(64).fill('done'), 'failed'])
  expect(recipients.at(-1)?.error?.code).toBe('RESULT_TOO_LARGE')
})

test('P75 unregistering drops what was not told, and what was told goes on', async () => {
  const engine = await startTestEngine()
  const ana = await till(engine)
  const [one, two] = [await engine.operator.order('till', 'one'), await engine.operator.order('till', 'two')]
  await ana.unregister()
  expect((await results(engine, two)).recipients).toMatchObject([{ state: 'failed', error: { code: 'CALL_CANCELLED' } }])
  await ana.orderDone(1, 'late')
  expect((await results(engine, one)).recipients).toMatchObject([{ state: 'done' }])
  await ana.register('till')
  await engine.operator.order('till', 'three')
  expect(told(engine, ana)).toEqual(['1 one', '3 three'])
})

test('P75 an order is taken back from the clients that were not told of it', async () => {
  const engine = await startTestEngine()
  const [ana, bob] = [await till(engine), await till(engine)]
  await bob.lose()
  const { id } = await engine.operator.order('till', 'one')
  expect(await engine.operator.dispatch('order.cancel', { id })).toEqual({ cancelled: 1 })
  await ana.orderDone(1, null)
  expect((await results(engine, { id })).recipients.map(({ state, error }) => [state, error?.code])).toEqual([
    ['done', undefined],
    ['failed', 'CALL_CANCELLED'],
  ])
  expect(await engine.operator.dispatch('order.cancel', { id })).toEqual({ cancelled: 0 })
  await bob.resume()
  await engine.settle()
  expect(told(engine, bob)).toEqual([])
})

test('P74 an order that was being kept when its session ended is settled too', async () => {
  const engine = await startTestEngine()
  const ana = await till(engine)
  engine.journal.hold()
  const ordered = engine.operator.order('till', 'two')
  await engine.settle()
  void ana.close()
  await engine.journal.release()
  expect((await results(engine, await ordered)).recipients).toMatchObject([{ state: 'failed', error: { code: 'CALL_INTERRUPTED' } }])
  await engine.settle()
  expect(engine.reads.clients()).toEqual([])
})

test('P76 a thousand orders wait for one client at most, and 16 payloads; other clients are not harmed', async () => {
  const engine = await startTestEngine({ payloadBytes: 10_000 })
  const [ana, bob] = [await till(engine), await till(engine, 'desk')]
  await Promise.all(Array.from({ length: limits.waitingOrders }, () => engine.operator.order('till', 'ring')))
  await expect(engine.operator.order('till', 'more')).rejects.toMatchObject({ code: 'TOO_MANY_CALLS', retryable: true })
  const { recipients } = await engine.operator.order('@', 'ring')
  expect(recipients.map(({ sessionId, state, error }) => [sessionId, state, error?.code])).toEqual([
    [ana.id, 'failed', 'TOO_MANY_CALLS'],
    [bob.id, 'queued', undefined],
  ])
  for (let number = 1; number <= 16; number += 1) await engine.operator.order('desk', 'print', 'x'.repeat(9_900))
  await expect(engine.operator.order('desk', 'print', 'x'.repeat(9_900))).rejects.toMatchObject({ code: 'TOO_MANY_CALLS' })
  await bob.orderDone(1, null)
  await engine.operator.order('desk', 'ring')
})

test('P77 what a client says of orders that it was not told of is ignored', async () => {
  const engine = await startTestEngine()
  const [ana, bob] = [await till(engine), await engine.connect('bob')]
  await engine.operator.order('till', 'one')
  const two = await engine.operator.order('till', 'two')
  for (const number of [0, 2, 3, Number.NaN]) {
    await ana.orderReceived(number)
    await ana.orderDone(number, 'forged')
  }
  await bob.orderDone(1, 'forged')
  expect(engine.reads.order(two.id).recipients).toMatchObject([{ state: 'queued' }])
  expect(engine.heard('order.ended')).toEqual([])
  await ana.orderDone(1, new TesseraError('METHOD_NOT_FOUND', 'x'))
  await ana.orderDone(1, 'again')
  expect(engine.heard('order.ended')).toMatchObject([{ number: 1, ok: false }])
})

test('P73 what was not durable when a client unregistered and the server was killed is not told', async () => {
  const engine = await startTestEngine({ journal: new HeldJournal() })
  const ana = await till(engine)
  await engine.operator.order('till', 'one')
  await engine.operator.order('till', 'two')
  engine.journal.hold()
  void ana.unregister()
  await engine.settle()
  await engine.journal.release(1)
  const next = engine.kill()
  await next.start()
  expect(next.reads.clients()).toEqual([])
  expect(await ana.follow(next.engine).resume()).toMatchObject({ order: { number: 1 } })
  await ana.orderDone(1, null)
  await next.settle()
  expect(told(next, ana)).toEqual([])
})
