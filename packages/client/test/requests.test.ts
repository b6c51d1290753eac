import type { Reply } from '@tessera/protocol'
import { expect, test } from 'vitest'
import { Requests } from '../src/requests.ts'
import type { Transport } from '../src/transport.ts'

/** A connection over which nothing is answered until the test says so. */
const unanswering = () => {
  const answers: ((answer: Reply<unknown>) => void)[] = []
  const transport: Pick<Transport, 'doubtful' | 'send'> = { doubtful: false, send: (_name, _message, reply) => answers.push(reply) }
  const requests = new Requests(() => undefined)
  requests.connected(transport as Transport)
  return { requests, answers }
}

test('K23 beyond 10,000 unanswered calls this side refuses more at once; other requests go on, and answers make room', async () => {
  const { requests, answers } = unanswering()
  const once = { repeatable: false }
  const call = () => requests.ask('call', () => ({ process: 1, method: 'm', args: '[]' }), once)
  const calls = Array.from({ length: 10_000 }, call)
  for (let more = 0; more < 3; more++) await expect(call()).rejects.toMatchObject({ code: 'TOO_MANY_CALLS', message: expect.stringContaining('10,000') })
  expect(answers).toHaveLength(10_000)
  void requests.ask('catalog', () => ({}), once)
  expect(answers).toHaveLength(10_001)
  for (const answer of [answers[0], answers.at(-1)]) answer?.({ ok: true, value: '1' })
  expect(await calls[0]).toBe('1')
  void call()
  expect(answers).toHaveLength(10_002)
})
