import { encodeStorable, payloadText } from '@tessera/protocol'
import { expect, test } from 'vitest'
import { createGate, startTestEngine } from '../testing/index.ts'

const by = { kind: 'system' } as const

test('P33 a project that runs alone has the same deadlines and cancellation', async () => {
  const slow = { run: () => createGate().passed, onServer: false }
  const { engine, clock } = await startTestEngine({ standalone: true, project: { methods: { slow, fast: () => 'fast' }, execution: { deadlineMs: 700 } } })
  const { sessionId, process } = await engine.dispatch('standalone.open', {}, by)
  const call = (method: string, options: { deadlineMs?: number; request?: string } = {}) =>
    engine.dispatch('method.call', { sessionId, process, method, args: encodeStorable([]), ...options }, by)
  const [first, second, third] = [call('slow', { deadlineMs: 100 }), call('slow'), call('slow', { request: 'r' })].map((ended) => expect(ended).rejects)
  await clock.advance(100)
  await first?.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
  await engine.dispatch('call.cancel', { sessionId, request: 'r' }, by)
  await third?.toMatchObject({ code: 'CALL_CANCELLED' })
  await clock.advance(600)
  await second?.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
  expect(payloadText(await call('fast'))).toBe('"fast"')
  await expect(call('fast', { deadlineMs: 0 })).rejects.toMatchObject({ code: 'DEADLINE_INVALID' })
})
