import type { Actor, Engine, EventBus, Logger, OpenedSession, SessionId } from '@tessera/core'
import {
  type CallUp,
  type ClosingDown,
  callUp,
  closeProcessUp,
  moveUp,
  openProcessUp,
  protocolVersion,
  type RemoteDownEvents,
  type RemoteHandshake,
  type RemoteUpEvents,
  type Reply,
  remoteHandshake,
  TesseraError,
  toErrorBody,
} from '@tessera/protocol'
import type { Namespace, Socket } from 'socket.io'
import type { z } from 'zod'
import type { EntryRules } from './entry-rules.ts'

interface SocketData {
  opened: OpenedSession
}
type RemoteSocket = Socket<RemoteUpEvents, RemoteDownEvents, Record<string, never>, SocketData>
export type RemoteNamespace = Namespace<RemoteUpEvents, RemoteDownEvents, Record<string, never>, SocketData>

type ClientActor = Extract<Actor, { kind: 'client' }>

interface Parts {
  engine: Pick<Engine, 'dispatch' | 'reads'>
  bus: EventBus
  logger: Logger
  rules: EntryRules
  graceSeconds: number
  payloadBytes: number
}

/** Remote clients' door: socket messages become commands, events become notices. It decides nothing. */
export class RemoteGateway {
  readonly #parts: Parts
  readonly #sockets = new Map<SessionId, RemoteSocket>()

  constructor(namespace: RemoteNamespace, parts: Parts) {
    this.#parts = parts
    namespace.use((socket, next) => {
      this.#enter(socket).then(
        () => next(),
        (error: unknown) => next(Object.assign(new Error('refused'), { data: this.#body(error) })),
      )
    })
    namespace.on('connection', (socket) => this.#serve(socket))
    this.#listen()
  }

  async #enter(socket: RemoteSocket): Promise<void> {
    const { rules, engine } = this.#parts
    rules.refuseOrigin(socket.handshake.headers)
    const handshake = readHandshake(socket.handshake.auth)
    const { address } = socket.handshake
    const by: Actor = { kind: 'edge', address }
    const opened =
      handshake.resume === undefined
        ? await engine.dispatch('session.open', { introduction: { ...introductionOf(handshake), address: nameAddress(address) } }, by)
        : await engine.dispatch('session.resume', { token: handshake.resume, address: nameAddress(address) }, by)
    socket.data.opened = opened
    // The transport may have gone while the session opened: then no 'connection' follows, and nobody would say so.
    socket.conn.on('close', () => this.#detach(opened))
    if (socket.conn.readyState !== 'open') this.#detach(opened)
  }

  #serve(socket: RemoteSocket): void {
    const { opened } = socket.data
    const sessionId = opened.sessionId
    const by: ClientActor = { kind: 'client', sessionId }
    const { engine, graceSeconds, payloadBytes } = this.#parts
    this.#sockets.set(sessionId, socket)
    socket.emit('welcome', {
      sessionId,
      resumeToken: opened.resumeToken,
      version: opened.version,
      ticket: opened.ticket,
      mainProcess: opened.mainProcess.number,
      processes: [...opened.processes],
      resumed: opened.resumed,
      restarted: opened.restarted,
      userName: opened.userName,
      graceSeconds,
      payloadBytes,
    })
    this.#remindOfReload(sessionId)
    socket.on('call', (message, reply) => this.#call(by, message, reply))
    socket.on('openProcess', (message, reply) =>
      this.#answer(reply, async () => {
        const { name } = read(openProcessUp, message)
        const { id, number } = await engine.dispatch('process.open', { sessionId, name }, by)
        return { id, process: number }
      }),
    )
    socket.on('closeProcess', (message, reply) =>
      this.#answer(reply, async () => {
        await engine.dispatch('process.close', { sessionId, number: read(closeProcessUp, message).process }, by)
        return null
      }),
    )
    socket.on('move', (message, reply) => this.#answer(reply, () => engine.dispatch('session.move', { sessionId, version: read(moveUp, message).version }, by)))
    socket.on('catalog', (_message, reply) => this.#answer(reply, () => engine.reads.catalog()))
    socket.on('bye', () => void engine.dispatch('session.close', { sessionId }, by).catch((error: unknown) => this.#body(error)))
    socket.on('disconnect', () => {
      if (this.#sockets.get(sessionId) === socket) this.#sockets.delete(sessionId)
    })
  }

  /** The hot path: the message is checked by hand and its arguments pass through unread. */
  #call(by: ClientActor, message: CallUp, reply: (answer: Reply<string>) => void): void {
    if (typeof reply !== 'function') return
    const valid =
      typeof message === 'object' &&
      message !== null &&
      typeof message.process === 'number' &&
      typeof message.method === 'string' &&
      typeof message.args === 'string'
    if (!valid) {
      this.#answer(reply, () => Promise.resolve(read(callUp, message).args))
      return
    }
    const { process, method, args } = message
    this.#parts.engine.dispatch('method.call', { sessionId: by.sessionId, process, method, args }, by).then(
      (value) => reply({ ok: true, value }),
      (error: unknown) => reply({ ok: false, error: this.#body(error) }),
    )
  }

  #answer<Value>(reply: (answer: Reply<Value>) => void, act: () => Promise<Value>): void {
    if (typeof reply !== 'function') return
    // The act may throw at once, before there is a promise.
    Promise.resolve()
      .then(act)
      .then(
        (value) => reply({ ok: true, value }),
        (error: unknown) => reply({ ok: false, error: this.#body(error) }),
      )
  }

  #detach({ sessionId, connection }: OpenedSession): void {
    this.#parts.engine.dispatch('session.detach', { sessionId, connection }, { kind: 'client', sessionId }).catch((error: unknown) => this.#body(error))
  }

  #listen(): void {
    const { bus } = this.#parts
    bus.on('session.messaged', ({ sessionId, number, text, at }) =>
      this.#sockets.get(sessionId)?.emit('message', { number, text, at: new Date(at).toISOString() }, () => undefined),
    )
    bus.on('session.reloadRequested', ({ sessionId }) => this.#remindOfReload(sessionId))
    bus.on('session.closed', ({ sessionId, code, reason }) => this.#letGo(this.#sockets.get(sessionId), { code, reason }))
    bus.on('session.replaced', ({ sessionId }) =>
      this.#letGo(this.#sockets.get(sessionId), { code: 'CONNECTION_REPLACED', reason: 'The session goes on over a newer connection.' }),
    )
  }

  /** Also told to a client that was away when the reload was asked for. */
  #remindOfReload(sessionId: SessionId): void {
    const pending = this.#parts.engine.reads.pendingReload(sessionId)
    if (pending === null) return
    const { version, deadlineAt, reason } = pending
    const graceMs = Math.max(0, deadlineAt - Date.now())
    this.#sockets.get(sessionId)?.emit('reload', { version: version.label, deadlineAt: new Date(deadlineAt).toISOString(), graceMs, reason })
  }

  #letGo(socket: RemoteSocket | undefined, notice: ClosingDown): void {
    if (socket === undefined) return
    this.#sockets.delete(socket.data.opened.sessionId)
    socket.emit('closing', notice)
    socket.disconnect(true)
  }

  #body(error: unknown) {
    if (!(error instanceof TesseraError)) {
      this.#parts.logger.error('A client request failed', { detail: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    }
    return toErrorBody(error)
  }
}

const readHandshake = (auth: unknown): RemoteHandshake => {
  const protocol: unknown = typeof auth === 'object' && auth !== null && 'protocol' in auth ? auth.protocol : undefined
  if (protocol !== protocolVersion) {
    throw new TesseraError(
      'PROTOCOL_MISMATCH',
      `The server speaks protocol ${protocolVersion}; the client speaks ${typeof protocol === 'number' ? protocol : 'another'}. Install the same version of Tessera.`,
    )
  }
  return read(remoteHandshake, auth)
}

const introductionOf = ({ user, password, project, machineName, systemUserName, hostType, mayPostpone }: RemoteHandshake) => ({
  user: user ?? null,
  password: password ?? null,
  project: project ?? null,
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

const read = <Schema extends z.ZodType>(schema: Schema, message: unknown): z.infer<Schema> => {
  const parsed = schema.safeParse(message)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new TesseraError('BAD_REQUEST', `The message is not right: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim())
}
