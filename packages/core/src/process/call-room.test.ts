import { expect, test } from 'vitest'
import { createGate, startTestEngine } from '../testing/index.ts'

test('P30 a session has at most 10,000 calls that wait: what comes beyond is refused at once, other sessions do not notice, and room comes back', async () => {
  const gate = createGate()
  const engine = await startTestEngine({ project: { methods: { hold: () => gate.passed, fast: () => 'fast' } } })
  const [greedy, other] = [await engine.connect('ana'), await engine.connect('bob')]
  const calls = Promise.allSettled(Array.from({ length: 10_000 }, (_none, at) => greedy.call('hold', at)))
  await engine.settle()
  for (let more = 0; more < 3; more++) {
    await expect(greedy.call('fast')).rejects.toMatchObject({ code: 'TOO_MANY_CALLS', retryAfterMs: 1000, message: expect.stringContaining('10,000') })
  }
  expect(await other.call('fast')).toBe('fast')
  gate.open()
  expect((await calls).every(({ status }) => status === 'fulfilled')).toBe(true)
  expect(await greedy.call('fast')).toBe('fast')
})
