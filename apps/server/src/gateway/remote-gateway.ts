import type { Actor, Commands, EventOf, OpenedSession, SessionId, WaitingMessage } from '@tessera/core'
import type { ClosingDown, RemoteHandshake } from '@tessera/protocol'
import { readHandshake } from './read-message.ts'
import { RemoteConnection } from './remote-connection.ts'
import { bodyOf, type GatewayParts, type RemoteNamespace, type RemoteSocket } from './remote-socket.ts'

const replaced: ClosingDown = { code: 'CONNECTION_REPLACED', reason: 'The session goes on over a newer connection.' }
const gone: ClosingDown = { code: 'SESSION_ENDED', reason: 'The session has ended.' }

/** Remote clients' door: socket messages become commands, events become notices. It decides nothing. */
export class RemoteGateway {
  readonly #parts: GatewayParts
  /** The latest connection of each session. */
  readonly #connections = new Map<SessionId, RemoteConnection>()

  constructor(namespace: RemoteNamespace, parts: GatewayParts) {
    this.#parts = parts
    namespace.use((socket, next) => {
      this.#enter(socket).then(
        () => next(),
        (error: unknown) => next(Object.assign(new Error('refused'), { data: bodyOf(error, parts) })),
      )
    })
    namespace.on('connection', (socket) => socket.data.serve())
    this.#listen()
  }

  async #enter(socket: RemoteSocket): Promise<void> {
    this.#parts.rules.refuseOrigin(socket.handshake.headers)
    const early: (WaitingMessage & { sessionId: SessionId })[] = []
    // A message may be said after the engine has looked which ones wait, and before this connection is known here.
    const stop = this.#parts.bus.on('session.messaged', (message) => early.push(message))
    const orders: EventOf<'order.told'>[] = []
    const stopOrders = this.#parts.bus.on('order.told', (told) => orders.push(told))
    try {
      const opened = await this.#open(readHandshake(socket.handshake.auth), socket.handshake.address)
      const connection = new RemoteConnection(socket, opened, this.#parts)
      for (const message of early) if (message.sessionId === opened.sessionId) connection.message(message)
      for (const { sessionId, order } of orders) if (sessionId === opened.sessionId) connection.order(order)
      socket.data.serve = () => connection.serve(() => this.#forget(connection))
      this.#add(connection)
      // The transport may have gone while the session opened: then no 'connection' follows, and nobody would say so.
      socket.conn.on('close', () => this.#remove(connection))
      if (socket.conn.readyState !== 'open') this.#remove(connection)
    } finally {
      stop()
      stopOrders()
    }
  }

  #open(handshake: RemoteHandshake, address: string): Promise<OpenedSession> {
    const { engine } = this.#parts
    const by: Actor = { kind: 'edge', address }
    if (handshake.resume !== undefined) return engine.dispatch('session.resume', { token: handshake.resume, address: nameAddress(address) }, by)
    return engine.dispatch('session.open', { introduction: introductionOf(handshake, nameAddress(address)) }, by)
  }

  /** Of two connections of one session the later counts, in whatever order they come. */
  #add(connection: RemoteConnection): void {
    const { sessionId, number } = connection
    const other = this.#connections.get(sessionId)
    if (other !== undefined && other.number > number) {
      connection.letGo(replaced)
      return
    }
    other?.letGo(replaced)
    this.#connections.set(sessionId, connection)
    this.#parts.connections.add(sessionId, number)
  }

  #remove(connection: RemoteConnection): void {
    this.#forget(connection)
    connection.detach()
  }

  #forget(connection: RemoteConnection): void {
    const { sessionId, number } = connection
    if (this.#connections.get(sessionId) === connection) this.#connections.delete(sessionId)
    this.#parts.connections.remove(sessionId, number)
  }

  #listen(): void {
    const { bus } = this.#parts
    bus.on('session.messaged', ({ sessionId, ...message }) => this.#connections.get(sessionId)?.message(message))
    bus.on('order.told', ({ sessionId, order }) => this.#connections.get(sessionId)?.order(order))
    bus.on('session.reloadRequested', ({ sessionId }) => this.#connections.get(sessionId)?.remindOfReload())
    bus.on('session.quiet', ({ sessionId }) => this.#connections.get(sessionId)?.postpone())
    bus.on('session.closed', ({ sessionId, code, reason }) => this.#letGo(this.#connections.get(sessionId), { code, reason }))
    bus.on('session.replaced', ({ sessionId, connection }) => this.#letGo(this.#numbered(sessionId, connection), replaced))
    bus.on('connection.orphaned', ({ sessionId, connection }) => {
      this.#letGo(this.#numbered(sessionId, connection), this.#isThere(sessionId) ? replaced : gone)
      this.#parts.connections.remove(sessionId, connection)
    })
  }

  #numbered(sessionId: SessionId, number: number): RemoteConnection | undefined {
    const connection = this.#connections.get(sessionId)
    return connection?.number === number ? connection : undefined
  }

  #isThere(sessionId: SessionId): boolean {
    try {
      return this.#parts.engine.reads.session(sessionId).state !== 'closed'
    } catch {
      return false
    }
  }

  #letGo(connection: RemoteConnection | undefined, notice: ClosingDown): void {
    if (connection === undefined) return
    this.#forget(connection)
    connection.letGo(notice)
  }
}

const introductionOf = (
  { user, password, project, machineName, systemUserName, hostType, mayPostpone }: RemoteHandshake,
  address: string,
): Commands['session.open'][0]['introduction'] => ({
  user: user ?? null,
  password: password ?? null,
  project: project ?? null,
  address,
  machineName,
  systemUserName,
  hostType,
  mayPostpone,
})

/** As people write it: IPv4 without its IPv6 coat, and loopback by name (4d.md SES-24). */
const nameAddress = (address: string): string => {
  const plain = address.replace(/^::ffff:/, '')
  return plain === '127.0.0.1' || plain === '::1' ? 'localhost' : plain
}
