import type { MessageRecipientRow } from '@tessera/protocol'
import { expect, test } from 'vitest'
import { receiptLine, receiptsOf } from './receipts.ts'

const row = (sessionId: string, state: MessageRecipientRow['state'], error: MessageRecipientRow['error'] = null): MessageRecipientRow => ({
  sessionId,
  userName: 'Ana',
  state,
  error,
})

/** Answers one after the other, the last one from then on. */
const looking = (...answers: readonly MessageRecipientRow[][]) => {
  let looks = 0
  const look = () => Promise.resolve({ id: 'm', recipients: answers[Math.min(looks++, answers.length - 1)] ?? [] })
  return { look, looks: () => looks, pause: () => Promise.resolve() }
}

test('K41 who sends a message from a terminal is told who has received it', async () => {
  const { look, looks, pause } = looking(
    [row('a', 'waiting'), row('b', 'waiting')],
    [row('a', 'received'), row('b', 'waiting')],
    [row('a', 'received'), row('b', 'received')],
  )
  expect((await receiptsOf(look, { most: 10, pause })).map(receiptLine)).toEqual(['received', 'received'])
  expect(looks()).toBe(3)
})

test('K41 nobody is waited for longer than was asked', async () => {
  const away = looking([row('a', 'waiting')])
  expect((await receiptsOf(away.look, { most: 3, pause: away.pause })).map(receiptLine)).toEqual(['kept until its client is there'])
  expect(away.looks()).toBe(3)
  const ended = looking([row('a', 'waiting')], [row('a', 'waiting')], [row('a', 'failed', { code: 'SESSION_ENDED', message: 'The session ended.' })])
  expect((await receiptsOf(ended.look, { most: null, pause: ended.pause })).map(receiptLine)).toEqual(['The session ended. (SESSION_ENDED)'])
})
