import { expect, test } from 'vitest'
import { startTestEngine, type TestProject } from '../testing/index.ts'

const speaking: TestProject = {
  methods: {
    tell: (scope, to, text) => scope.ask({ kind: 'message.send', to: to as 'all', text: text as string }) as never,
    wait: (scope, id) => scope.ask({ kind: 'message.receipt', id: id as string }) as never,
    order: (scope, name, method) => scope.ask({ kind: 'client.order', name: name as string, method: method as string, args: '[]' }) as never,
    clients: (scope) => scope.ask({ kind: 'clients.list' }) as never,
  },
}

test('P78 code tells one session, several, the clients of a name or all, and learns who has received it', async () => {
  const engine = await startTestEngine({ project: speaking })
  const [ana, bob] = [await engine.connect('ana'), await engine.connect('bob')]
  await bob.register('Till')
  const one = await ana.call('tell', { ids: [bob.id] }, 'one')
  expect(one).toMatchObject({ recipients: [{ sessionId: bob.id, userName: 'Designer', state: 'waiting', error: null }] })
  expect(await ana.call('tell', { client: 't@' }, 'two')).toMatchObject({ recipients: [{ sessionId: bob.id }] })
  expect(await ana.call('tell', 'all', 'three')).toMatchObject({ recipients: [{ sessionId: ana.id }, { sessionId: bob.id }] })
  expect(engine.heard('session.messaged').map(({ sessionId, text }) => [sessionId, text])).toEqual([
    [bob.id, 'one'],
    [bob.id, 'two'],
    [ana.id, 'three'],
    [bob.id, 'three'],
  ])
  await bob.received(2)
  const { id } = one as { id: string }
  expect(await ana.call('wait', id)).toMatchObject({ recipients: [{ state: 'received' }] })
})

test('P78 who was not told, or ended before, is said so; the receipt waits for everybody', async () => {
  const engine = await startTestEngine()
  const [ana, bob] = [await engine.connect('ana'), await engine.connect('bob')]
  await bob.lose()
  const { receipt = '', results } = await engine.operator.message([ana.id, bob.id, 'none'], 'hello')
  expect(results.map(({ ok }) => ok)).toEqual([true, true, false])
  const states = () => engine.reads.receipt(receipt).recipients.map(({ state }) => state)
  expect(states()).toEqual(['waiting', 'waiting', 'failed'])
  await ana.received(1)
  expect(states()).toEqual(['received', 'waiting', 'failed'])
  const whole = engine.operator.dispatch('message.receipt', { id: receipt })
  await engine.operator.disconnect(bob)
  expect((await whole).recipients.map(({ error }) => error?.code)).toEqual([undefined, 'SESSION_ENDED', 'SESSION_NOT_FOUND'])
  await expect(engine.operator.dispatch('message.receipt', { id: 'none' })).rejects.toMatchObject({ code: 'SENDING_NOT_FOUND' })
})

test('P78 a message that is none, and one to nobody of a plain name, are refused', async () => {
  const engine = await startTestEngine({ project: speaking })
  const ana = await engine.connect('ana')
  for (const text of ['', 'x'.repeat(10_001)]) await expect(engine.operator.message(ana, text)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  await expect(ana.call('tell', { client: 'till' }, 'hello')).rejects.toMatchObject({ code: 'CLIENT_NOT_REGISTERED' })
  expect(await ana.call('tell', { client: 'till@' }, 'hello')).toMatchObject({ recipients: [] })
  expect(engine.heard('session.messaged')).toEqual([])
})

test('P72, P79 code sends orders in the name of its user, and sees who is registered', async () => {
  const engine = await startTestEngine({ project: speaking })
  const [ana, bob] = [await engine.connect('ana'), await engine.connect('bob')]
  await bob.register('till')
  expect(await ana.call('order', 'till', 'ring')).toMatchObject({ recipients: [{ sessionId: bob.id, state: 'queued' }] })
  expect(engine.heard('order.told')).toMatchObject([{ order: { from: 'Designer', method: 'ring' } }])
  expect(await ana.call('clients')).toMatchObject({ clients: [{ name: 'till', pending: 1 }] })
})
