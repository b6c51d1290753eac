import { describe, expect, test } from 'vitest'
import { createGate, type Scope, startTestEngine } from '../testing/index.ts'

const holding = () => {
  const gate = createGate()
  const begun: unknown[] = []
  const signals: Scope['signal'][] = []
  const hold = async (scope: Scope, name: unknown): Promise<unknown> => {
    begun.push(name)
    signals.push(scope.signal)
    await gate.passed
    return name
  }
  return { gate, begun, signals, project: { methods: { hold } } }
}

describe('cancelling calls', () => {
  test('P23 a call that waits is taken out of the queue and never begins; the others keep their order', async () => {
    const { gate, begun, project } = holding()
    const engine = await startTestEngine({ project })
    const ana = await engine.connect()
    const calls = ['a', 'b', 'c', 'd', 'e'].map((name) => ana.callWith({ request: name }, 'hold', name))
    const settled = Promise.allSettled(calls)
    await engine.settle()
    for (const name of ['c', 'e', 'b']) await ana.cancel(name)
    for (const at of [1, 2, 4]) await expect(calls[at]).rejects.toMatchObject({ code: 'CALL_CANCELLED', retryable: false })
    expect(ana.row.processList[0]).toMatchObject({ queued: 1 })
    const last = ana.call('hold', 'f')
    gate.open()
    expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled', 'rejected'])
    await last
    expect(begun).toEqual(['a', 'd', 'f'])
  })

  test('P24 a call that runs is aborted on its signal, its caller is told at once, and the next one begins', async () => {
    const { gate, begun, signals, project } = holding()
    const engine = await startTestEngine({ project })
    const ana = await engine.connect()
    const [first, next] = [ana.callWith({ request: 'r1' }, 'hold', 1), ana.call('hold', 2)]
    const refused = expect(first).rejects.toMatchObject({ code: 'CALL_CANCELLED' })
    await engine.settle()
    await ana.cancel('r1')
    await refused
    expect(signals[0]).toMatchObject({ aborted: true })
    await engine.settle()
    expect(begun).toEqual([1, 2])
    gate.open()
    expect(await next).toBe(2)
  })

  test('P24 what has ended, never was, or is of another session is left as it is', async () => {
    const { gate, project } = holding()
    const engine = await startTestEngine({ project })
    const [ana, bob] = [await engine.connect('ana'), await engine.connect('bob')]
    const call = ana.callWith({ request: 'same' }, 'hold', 1)
    await bob.cancel('same')
    await ana.cancel('other')
    gate.open()
    expect(await call).toBe(1)
    await ana.cancel('same')
    const theirs = { sessionId: ana.id, request: 'same' }
    await expect(engine.engine.dispatch('call.cancel', theirs, { kind: 'client', sessionId: bob.id })).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
  })

  test('P24 the id of the request goes with the call to its isolate', async () => {
    const { gate, project } = holding()
    const engine = await startTestEngine({ project })
    const ana = await engine.connect()
    gate.open()
    await ana.callWith({ request: 'r7' }, 'hold', 1)
    await ana.call('hold', 2)
    expect(engine.host.calls.map(({ request }) => request)).toEqual(['r7', undefined])
  })
})
