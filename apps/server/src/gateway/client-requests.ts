import type { Actor, OpenedSession } from '@tessera/core'
import {
  type CallUp,
  callUp,
  cancelUp,
  closeProcessUp,
  confirmUp,
  limits,
  moveUp,
  openProcessUp,
  orderDoneUp,
  type Payload,
  type Reply,
  registerUp,
  TesseraError,
} from '@tessera/protocol'
import { openCallLane } from './call-lane.ts'
import { FairShare, webSocketOf } from './fair-share.ts'
import { serveProcedures } from './procedure-requests.ts'
import { readMessage } from './read-message.ts'
import { bodyOf, type GatewayParts, type RemoteSocket } from './remote-socket.ts'

type ClientActor = Extract<Actor, { kind: 'client' }>
type Answer<Value> = (answer: Reply<Value>) => void
type Answering = <Value>(reply: Answer<Value>, act: () => Promise<Value>, done?: () => void) => void

interface Served {
  socket: RemoteSocket
  opened: OpenedSession
  parts: Pick<GatewayParts, 'engine' | 'logger' | 'watchers'>
  /** The client gave up its connection, and knows that the server knows. */
  left(): void
}

/** What one client asks becomes commands. */
export const serveRequests = ({ socket, opened, parts, left }: Served): void => {
  const { engine } = parts
  const { sessionId, connection } = opened
  const by: ClientActor = { kind: 'client', sessionId }
  const share = new FairShare(() => webSocketOf(socket))
  const answer = inTurn(share, answering(parts))
  const serveCall = serveCalls(by, parts)
  const call = (message: CallUp, reply: Answer<Payload>): void => share.run(() => serveCall(message, reply))
  if (!openCallLane(socket, call)) socket.on('call', call)
  socket.on('cancelCall', (message, reply) =>
    answer(reply, () => nothing(engine.dispatch('call.cancel', { sessionId, request: readMessage(cancelUp, message).request }, by))),
  )
  serveProcedures({ socket, by, parts, answer })
  socket.on('openProcess', (message, reply) =>
    answer(reply, async () => {
      const { id, number } = await engine.dispatch('process.open', { sessionId, name: readMessage(openProcessUp, message).name }, by)
      return { id, process: number }
    }),
  )
  socket.on('closeProcess', (message, reply) =>
    answer(reply, () => nothing(engine.dispatch('process.close', { sessionId, number: readMessage(closeProcessUp, message).process }, by))),
  )
  socket.on('move', (message, reply) => answer(reply, () => engine.dispatch('session.move', { sessionId, version: readMessage(moveUp, message).version }, by)))
  const catalog = joined(() => engine.reads.catalog())
  socket.on('catalog', (_message, reply) => answer(reply, catalog))
  socket.on('confirm', (message, reply) =>
    answer(reply, () => nothing(engine.dispatch('session.confirm', { sessionId, token: readMessage(confirmUp, message).token }, by))),
  )
  serveOrders({ socket, by, parts, answer })
  socket.on('sleep', (_message, reply) => answer(reply, () => nothing(engine.dispatch('session.sleep', { sessionId, connection }, by)), left))
  socket.on('postponed', (_message, reply) => answer(reply, () => nothing(engine.dispatch('session.postpone', { sessionId, connection }, by)), left))
  socket.on('bye', () => void engine.dispatch('session.close', { sessionId }, by).catch((error: unknown) => bodyOf(error, parts)))
}

/** The hot path: the message is checked by hand and its arguments pass through unread. */
const serveCalls =
  (by: ClientActor, parts: Served['parts']) =>
  (message: CallUp, reply: Answer<Payload>): void => {
    if (typeof reply !== 'function') return
    const plain =
      typeof message === 'object' &&
      message !== null &&
      typeof message.process === 'number' &&
      typeof message.method === 'string' &&
      (message.args instanceof Uint8Array || typeof message.args === 'string') &&
      message.request === undefined &&
      message.deadlineMs === undefined &&
      message.key === undefined
    if (!plain) {
      answering(parts)(reply, () => parts.engine.dispatch('method.call', { sessionId: by.sessionId, ...readMessage(callUp, message) }, by))
      return
    }
    const { process, method, args } = message
    parts.engine.dispatch('method.call', { sessionId: by.sessionId, process, method, args }, by).then(
      (value) => reply({ ok: true, value }),
      (error: unknown) => reply({ ok: false, error: bodyOf(error, parts) }),
    )
  }

/** What has to do with methods that are sent to the client. */
const serveOrders = ({ socket, by, parts: { engine }, answer }: Pick<Served, 'socket' | 'parts'> & { by: ClientActor; answer: Answering }): void => {
  const { sessionId } = by
  socket.on('register', (message, reply) =>
    answer(reply, () => nothing(engine.dispatch('client.register', { sessionId, name: readMessage(registerUp, message).name }, by))),
  )
  socket.on('unregister', (_message, reply) => answer(reply, () => nothing(engine.dispatch('client.unregister', { sessionId }, by))))
  socket.on('orderDone', (message, reply) =>
    answer(reply, () => {
      const { order, outcome } = readMessage(orderDoneUp, message)
      return nothing(engine.dispatch('order.done', { sessionId, number: order, outcome }, by))
    }),
  )
}

/** Answers with what the act gives or throws; `done` follows an act that was carried out. */
const answering =
  (parts: Served['parts']): Answering =>
  (reply, act, done = () => undefined) => {
    if (typeof reply !== 'function') return
    // The act may throw at once, before there is a promise.
    Promise.resolve()
      .then(act)
      .then(
        (value) => {
          reply({ ok: true, value })
          done()
        },
        (error: unknown) => reply({ ok: false, error: bodyOf(error, parts) }),
      )
  }

/** In the order in which they came, calls included (SPEC P34); so many are unanswered at most (SPEC P90). */
const inTurn = (share: FairShare, answer: Answering): Answering => {
  let unanswered = 0
  return (reply, act, done) => {
    if (typeof reply !== 'function') return
    if (unanswered >= limits.waitingCalls) return share.run(() => answer(reply, refuse))
    unanswered += 1
    const leave: typeof reply = (said) => {
      unanswered -= 1
      reply(said)
    }
    share.run(() => answer(leave, act, done))
  }
}

const refuse = (): Promise<never> =>
  Promise.reject(new TesseraError('TOO_MANY_CALLS', 'Too many requests of this client are unanswered: wait for answers before asking more.'))

/** Whoever asks while it is being read waits for the same answer. */
const joined = <Value>(read: () => Promise<Value>): (() => Promise<Value>) => {
  let reading: Promise<Value> | null = null
  return () => {
    reading ??= read().finally(() => {
      reading = null
    })
    return reading
  }
}

const nothing = async (act: Promise<void>): Promise<null> => {
  await act
  return null
}
