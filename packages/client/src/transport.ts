import {
  type ClosingDown,
  type ErrorBody,
  type MessageDown,
  type ReloadDown,
  type RemoteHandshake,
  type Reply,
  refusalFromBody,
  TesseraError,
  type Welcome,
} from '@tessera/protocol'
import { io, type Socket } from 'socket.io-client'
import type { ServerAddress } from './address.ts'

/** What comes from the server without being asked. */
export interface DownListener {
  message(message: MessageDown): void
  reload(message: ReloadDown): void
  closing(message: ClosingDown): void
  /** The connection is gone and nobody said why. */
  lost(): void
}

/** One connection that was let in. It does not come back once lost: the next one is another transport. */
export interface Transport {
  readonly welcome: Welcome
  /** False once lost: `lost` may be told before the opener goes on. */
  readonly open: boolean
  send(name: string, message: unknown, reply: (answer: Reply<unknown>) => void): void
  /** Says goodbye, and resolves when the server has heard it. */
  goodbye(): Promise<void>
  /** Closes without a word; `lost` is not called. */
  abandon(): void
}

const connectTimeoutMs = 20_000
/** Closing first could lose the goodbye where the program exits right after: the server closes once it has heard it. */
const goodbyeTimeoutMs = 2000

/**
 * Opens one connection and waits for its welcome.
 * @throws ConnectionRefused with the server's code; TesseraError `SERVER_UNREACHABLE` where no Tessera server answers.
 */
export const openTransport = (address: ServerAddress, auth: RemoteHandshake, listener: DownListener): Promise<Transport> => {
  const socket = io(`${address.origin}/remote`, {
    path: '/live',
    addTrailingSlash: false,
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    timeout: connectTimeoutMs,
    auth,
  })
  listen(socket, listener)
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      socket.disconnect()
      reject(error)
    }
    socket.once('welcome', (welcome: Welcome) => {
      socket.on('disconnect', (reason) => reason !== 'io client disconnect' && listener.lost())
      resolve(transportOver(socket, welcome))
    })
    socket.once('connect_error', (error: Error) => fail(refusalOf(error) ?? unreachable(address, error)))
    socket.once('disconnect', () => fail(unreachable(address, new Error('it closed the connection before its welcome'))))
  })
}

const listen = (socket: Socket, listener: DownListener): void => {
  socket.on('message', (message: MessageDown) => listener.message(message))
  socket.on('reload', (message: ReloadDown) => listener.reload(message))
  socket.on('closing', (message: ClosingDown) => listener.closing(message))
}

const transportOver = (socket: Socket, welcome: Welcome): Transport => ({
  welcome,
  get open() {
    return socket.connected
  },
  send: (name, message, reply) => {
    socket.emit(name, message, reply)
  },
  goodbye: () =>
    new Promise((resolve) => {
      const close = (): void => {
        clearTimeout(timer)
        socket.disconnect()
        resolve()
      }
      const timer = setTimeout(close, goodbyeTimeoutMs)
      socket.once('disconnect', close)
      socket.emit('bye')
    }),
  abandon: () => {
    socket.disconnect()
  },
})

const refusalOf = (error: Error): Error | null => {
  const body: unknown = 'data' in error ? error.data : null
  return isErrorBody(body) ? refusalFromBody(body) : null
}

const isErrorBody = (value: unknown): value is ErrorBody =>
  typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string' && 'message' in value && typeof value.message === 'string'

const unreachable = (address: ServerAddress, cause: Error): TesseraError =>
  new TesseraError('SERVER_UNREACHABLE', `No Tessera server answers at ${address.host}:${address.port}: ${reasonOf(cause)}.`, { cause })

/** The transport hides the socket's own error two levels deep. */
const reasonOf = (error: Error): string => {
  const description: unknown = 'description' in error ? error.description : null
  const inner: unknown = typeof description === 'object' && description !== null && 'message' in description ? description.message : null
  return typeof inner === 'string' && inner !== '' ? inner : error.message
}
