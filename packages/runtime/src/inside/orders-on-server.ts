import type { MessageTargets } from '@tessera/core'
import type { MessageRecipient, MessageTarget, OrderHandle, OrderResult, OrderState } from '@tessera/kit'
import type { KitHost } from '@tessera/kit/host'
import type { MessageReceiptRow, OrderRecipientRow, OrderRow } from '@tessera/protocol'
import { decodeStorable, encodeStorable, fromErrorBody, TesseraError } from '@tessera/protocol/values'
import type { Call } from './call.ts'
import { needCall } from './scope.ts'

/** What server code asks of clients, and says to them. */
export const ordersOnServer: Pick<KitHost, 'executeOnClient' | 'registeredClients' | 'sendMessage'> = {
  executeOnClient: async (name, method, args) => {
    const call = needCall()
    return orderHandle(
      call,
      await call.ask({ kind: 'client.order', name: needText(name, 'name'), method: needText(method, 'method'), args: encodeStorable(args) }),
    )
  },
  registeredClients: async () => (await needCall().ask({ kind: 'clients.list' })).clients,
  sendMessage: async (target, text) => {
    const call = needCall()
    const row = await call.ask({ kind: 'message.send', to: targetsOf(target), text: needText(text, 'text') })
    return messageReceipt(call, row)
  },
}

const orderHandle = (call: Call, { id, recipients }: OrderRow): OrderHandle => {
  let results: Promise<readonly OrderResult[]> | undefined
  return {
    id,
    recipients: recipients.map(({ sessionId, clientName }) => ({ sessionId, clientName })),
    state: async () => (await call.ask({ kind: 'order.look', id })).recipients.map(stateOf),
    // Asked for when somebody wants them: nobody may.
    get results() {
      results ??= call.ask({ kind: 'order.results', id }).then((row) => row.recipients.map(resultOf))
      return results
    },
    cancel: async () => (await call.ask({ kind: 'order.cancel', id })).cancelled,
  }
}

const stateOf = (row: OrderRecipientRow): OrderState => {
  const { sessionId, clientName, state } = row
  return state === 'queued' || state === 'received' ? { sessionId, clientName, state } : resultOf(row)
}

/** What a client sent may be anything: where it cannot be read it is that client's failure. */
const resultOf = ({ sessionId, clientName, value, error }: OrderRecipientRow): OrderResult => {
  if (error !== null) return { sessionId, clientName, state: 'failed', error: fromErrorBody(error) }
  try {
    return { sessionId, clientName, state: 'done', value: decodeStorable(value ?? 'null') }
  } catch (cause) {
    return { sessionId, clientName, state: 'failed', error: new TesseraError('RESULT_NOT_STORABLE', 'What the client answered cannot be read.', { cause }) }
  }
}

const messageReceipt = (call: Call, { id, recipients }: MessageReceiptRow): Awaited<ReturnType<KitHost['sendMessage']>> => {
  let received: Promise<readonly MessageRecipient[]> | undefined
  return {
    recipients: recipients.map(recipientOf),
    state: async () => (await call.ask({ kind: 'message.look', id })).recipients.map(recipientOf),
    get received() {
      received ??= call.ask({ kind: 'message.receipt', id }).then((row) => row.recipients.map(recipientOf))
      return received
    },
  }
}

const recipientOf = ({ error, ...row }: MessageReceiptRow['recipients'][number]): MessageRecipient => ({
  ...row,
  error: error === null ? null : fromErrorBody(error),
})

/** @throws TesseraError `BAD_REQUEST`. */
const targetsOf = (target: MessageTarget): MessageTargets => {
  if (typeof target === 'string') return { ids: [target] }
  if (isList(target)) return { ids: target.map((id) => needText(id, 'session id')) }
  if (typeof target === 'object' && target !== null && 'client' in target) return { client: needText(target.client, 'name') }
  if (typeof target === 'object' && target !== null && 'all' in target) return 'all'
  throw new TesseraError('BAD_REQUEST', 'A message is for a session id, a list of them, { client } or { all: true }.')
}

const isList = (target: MessageTarget): target is readonly string[] => Array.isArray(target)

const needText = (value: unknown, what: string): string => {
  if (typeof value === 'string') return value
  throw new TesseraError('BAD_REQUEST', `The ${what} is a text.`)
}
