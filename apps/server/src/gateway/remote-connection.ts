import type { Commands, OpenedSession, SessionId, WaitingMessage, WaitingOrder } from '@tessera/core'
import type { ClosingDown } from '@tessera/protocol'
import { serveRequests } from './client-requests.ts'
import { bodyOf, type GatewayParts, type RemoteSocket } from './remote-socket.ts'
import { watchUnread } from './watch-unread.ts'

/** One client's connection, from the moment that the engine has let it in until its transport is gone. */
export class RemoteConnection {
  readonly sessionId: SessionId
  /** A later connection of the session has a higher one. */
  readonly number: number
  readonly #socket: RemoteSocket
  readonly #opened: OpenedSession
  readonly #parts: GatewayParts
  readonly #messages: WaitingMessage[]
  #order: WaitingOrder | null
  #served = false
  #over: ClosingDown | null = null

  constructor(socket: RemoteSocket, opened: OpenedSession, parts: GatewayParts) {
    this.sessionId = opened.sessionId
    this.number = opened.connection
    this.#socket = socket
    this.#opened = opened
    this.#parts = parts
    this.#messages = [...opened.messages]
    this.#order = opened.order
  }

  /** Welcomes the client, tells it again what it has not received, and answers what it asks. `left`: it has given up the connection. */
  serve(left: () => void): void {
    const { sessionId, resumeToken, version, ticket, mainProcess, processes, resumed, restarted, userName, toldOrder } = this.#opened
    const { graceSeconds, sleepSeconds, postponedSeconds, payloadBytes } = this.#parts
    const numbers = { graceSeconds, sleepSeconds, postponedSeconds, payloadBytes }
    const own = { sessionId, resumeToken, version, ticket, mainProcess: mainProcess.number, processes: [...processes], resumed, restarted, userName, toldOrder }
    this.#served = true
    watchUnread(this.#socket.conn, { payloadBytes, cutOff: () => this.#parts.logger.warn('A client that does not read was cut off.', { sessionId }) })
    this.#socket.emit('welcome', { ...own, ...numbers })
    for (const message of this.#messages.splice(0)) this.message(message)
    if (this.#order !== null) this.order(this.#order)
    this.remindOfReload()
    const leave = (): void => {
      left()
      this.#socket.disconnect(true)
    }
    this.#socket.on('error', ({ message }) => this.#parts.logger.warn('A client was cut off.', { sessionId, problem: message }))
    serveRequests({ socket: this.#socket, opened: this.#opened, parts: this.#parts, left: leave })
    if (this.#over !== null) this.letGo(this.#over)
  }

  /** Kept until the welcome, where that is still to come. */
  message({ number, text, at }: WaitingMessage): void {
    if (this.#served)
      this.#socket.emit('message', { number, text, at: new Date(at).toISOString() }, () =>
        this.#dispatch('session.received', { sessionId: this.sessionId, number }),
      )
    else if (this.#messages.every((other) => other.number < number)) this.#messages.push({ number, text, at })
  }

  /** Kept until the welcome, where that is still to come: there is one at a time. */
  order(order: WaitingOrder): void {
    const { number, method, args, from } = order
    this.#order = order
    if (this.#served)
      this.#socket.emit('order', { order: number, method, args, from }, () => this.#dispatch('order.received', { sessionId: this.sessionId, number }))
  }

  /** Also told to a client that was away when the reload was asked for. */
  remindOfReload(): void {
    const pending = this.#parts.engine.reads.pendingReload(this.sessionId)
    if (pending === null || !this.#served) return
    const { version, deadlineAt, reason } = pending
    const graceMs = Math.max(0, deadlineAt - Date.now())
    this.#socket.emit('reload', { version: version.label, deadlineAt: new Date(deadlineAt).toISOString(), graceMs, reason })
  }

  postpone(): void {
    if (this.#served) this.#socket.emit('postpone', {})
  }

  /** The transport is gone. */
  detach(): void {
    this.#dispatch('session.detach', { sessionId: this.sessionId, connection: this.number })
  }

  letGo(notice: ClosingDown): void {
    this.#over = notice
    if (!this.#served) return
    this.#socket.emit('closing', notice)
    this.#socket.disconnect(true)
  }

  #dispatch<Name extends 'session.received' | 'session.detach' | 'order.received'>(name: Name, input: Commands[Name][0]): void {
    this.#parts.engine.dispatch(name, input, { kind: 'client', sessionId: this.sessionId }).catch((error: unknown) => bodyOf(error, this.#parts))
  }
}
