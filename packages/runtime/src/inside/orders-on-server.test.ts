import { asCallId, asProcessId, asSessionId, type HostAnswers, type HostRequest } from '@tessera/core'
import { MethodError } from '@tessera/protocol'
import { expect, test } from 'vitest'
import { Call, type CallRoom } from './call.ts'
import { ordersOnServer } from './orders-on-server.ts'
import { createProjectProcess } from './project-process.ts'
import { runInCall } from './scope.ts'
import type { ServerSession } from './session.ts'

const sessionId = asSessionId('A')
const to = { sessionId: 'B', clientName: 'till' }

/** A call whose engine answers what a test says, and what it asked. */
const callWith = (answers: Partial<HostAnswers>): { call: Call; asked: HostRequest[] } => {
  const asked: HostRequest[] = []
  const ask = (_call: Call, request: HostRequest): Promise<never> => {
    asked.push(request)
    return Promise.resolve(answers[request.kind] as never)
  }
  const facts = { id: asProcessId('P'), number: 1, name: 'main', sessionId }
  const process = createProjectProcess({ facts, session: {} as ServerSession, variables: [], ordinal: 1 })
  return {
    call: new Call({ ask } as unknown as CallRoom, { id: asCallId('1'), method: 'm', process, marks: { run: 1, method: 0 }, timed: false, resultBytes: 1000 }),
    asked,
  }
}

test('K34 executeOnClient sends the arguments, and its handle tells how far each client is and what became of it', async () => {
  const failed = { code: 'METHOD_ERROR', message: 'No paper.', className: 'OutOfPaper' } as const
  const { call, asked } = callWith({
    'client.order': { id: 'o1', recipients: [{ ...to, state: 'queued', value: null, error: null }] },
    'order.look': { id: 'o1', recipients: [{ ...to, state: 'received', value: null, error: null }] },
    'order.results': {
      id: 'o1',
      recipients: [
        { ...to, state: 'done', value: '{"$bigint":"1"}', error: null },
        { ...to, state: 'done', value: 'no text', error: null },
        { ...to, state: 'failed', value: null, error: failed },
      ],
    },
    'order.cancel': { cancelled: 2 },
  })
  const handle = await runInCall(call, () => ordersOnServer.executeOnClient('till', 'ring', [new Date(0)]))
  expect(asked).toEqual([{ kind: 'client.order', name: 'till', method: 'ring', args: '[{"$date":"1970-01-01T00:00:00.000Z"}]' }])
  expect(handle.recipients).toEqual([to])
  expect(await handle.state()).toEqual([{ ...to, state: 'received' }])
  const [done, unreadable, error] = await handle.results
  expect(done).toEqual({ ...to, state: 'done', value: 1n })
  expect(unreadable).toMatchObject({ state: 'failed', error: { code: 'RESULT_NOT_STORABLE' } })
  expect(error).toMatchObject({ state: 'failed', error: expect.any(MethodError) })
  expect(await handle.cancel()).toBe(2)
})

test('K34 sendMessage names its targets, and what is none is refused before anything is sent', async () => {
  const row = { id: 'm1', recipients: [{ sessionId: 'B', userName: 'bob', state: 'waiting', error: null }] } as const
  const { call, asked } = callWith({ 'message.send': { ...row, recipients: [...row.recipients] }, 'message.receipt': { id: 'm1', recipients: [] } })
  const send = (target: unknown, text: unknown = 'hello') => runInCall(call, () => ordersOnServer.sendMessage(target as never, text as never))
  for (const target of ['B', ['B', 'C'], { client: 't@' }, { all: true }]) await send(target)
  expect(asked.map((request) => 'to' in request && request.to)).toEqual([{ ids: ['B'] }, { ids: ['B', 'C'] }, { client: 't@' }, 'all'])
  for (const target of [null, 7, {}, [7], { client: 7 }]) await expect(send(target)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  await expect(send('B', 7)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  expect(asked).toHaveLength(4)
  const receipt = await send('B')
  expect(receipt.recipients).toEqual(row.recipients)
  expect(await receipt.received).toEqual([])
})
