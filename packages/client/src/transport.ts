import {
  type ClosingDown,
  type ErrorBody,
  type MessageDown,
  type OrderDown,
  type ProgressDown,
  type ReloadDown,
  type RemoteHandshake,
  type Reply,
  refusalFromBody,
  TesseraError,
  type Welcome,
} from '@tessera/protocol'
import { wireParser } from '@tessera/protocol/wire'
import { io, type Socket } from 'socket.io-client'
import type { ServerAddress } from './address.ts'
import { type Heartbeat, SilenceWatch } from './silence-watch.ts'
import type { Surroundings } from './surroundings.ts'

/** What comes from the server without being asked. */
export interface DownListener {
  /** `received` says that the owner has it. */
  message(message: MessageDown, received: () => void): void
  /** `received` says that this client has it and will run it. */
  order(order: OrderDown, received: () => void): void
  reload(message: ReloadDown): void
  progress(message: ProgressDown): void
  /** The server would like this connection to be given up for now. */
  postpone(): void
  closing(message: ClosingDown): void
  /** The server gave a sign of life. */
  heard(): void
  /** The connection is gone and nobody said why. */
  lost(): void
}

/** Why a client leaves for a while, in the words of the wire. */
export type Leave = 'sleep' | 'postponed'

/** One connection that was let in. It does not come back once lost: the next one is another transport. */
export interface Transport {
  readonly welcome: Welcome
  /** False once lost: `lost` may be told before the opener goes on. */
  readonly open: boolean
  /** The server has been silent for so long that what is sent now may never arrive. */
  readonly doubtful: boolean
  send(name: string, message: unknown, reply: (answer: Reply<unknown>) => void): void
  /** Says that this client leaves; closing is left to the caller. `unheard`: no answer came in time. */
  tell(leave: Leave): Promise<'agreed' | 'refused' | 'unheard'>
  /** Says goodbye, and resolves when the server has heard it. */
  goodbye(): Promise<void>
  /** Closes without a word; `lost` is not called. */
  abandon(): void
}

export interface TransportOptions {
  address: ServerAddress
  auth: RemoteHandshake
  surroundings: Surroundings
}

const connectTimeoutMs = 20_000
/** Closing first could lose the last word where the program exits right after: the server closes once it has heard it. */
const lastWordTimeoutMs = 2000

/**
 * Opens one connection and waits for its welcome.
 * @throws ConnectionRefused with the server's code; TesseraError `SERVER_UNREACHABLE` where no Tessera server answers.
 */
export const openTransport = ({ address, auth, surroundings }: TransportOptions, listener: DownListener): Promise<Transport> => {
  const socket = io(`${address.origin}/remote`, {
    path: '/live',
    addTrailingSlash: false,
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    timeout: connectTimeoutMs,
    parser: wireParser,
    auth,
  })
  const silence = new SilenceWatch(surroundings)
  listen(socket, listener)
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      silence.stop()
      socket.disconnect()
      reject(error)
    }
    socket.once('welcome', (welcome: Welcome) => {
      socket.on('disconnect', (reason) => {
        silence.stop()
        if (reason !== 'io client disconnect') listener.lost()
      })
      resolve(transportOver(socket, welcome, silence))
    })
    socket.once('connect_error', (error: Error) => fail(refusalOf(error) ?? unreachable(address, error)))
    socket.once('disconnect', () => fail(unreachable(address, new Error('it closed the connection before its welcome'))))
    watchSilence(socket, silence, listener)
  })
}

const listen = (socket: Socket, listener: DownListener): void => {
  socket.on('message', (message: MessageDown, received: () => void) => listener.message(message, received))
  socket.on('order', (order: OrderDown, received: () => void) => listener.order(order, received))
  socket.on('reload', (message: ReloadDown) => listener.reload(message))
  socket.on('progress', (message: ProgressDown) => listener.progress(message))
  socket.on('postpone', () => listener.postpone())
  socket.on('closing', (message: ClosingDown) => listener.closing(message))
}

const watchSilence = (socket: Socket, silence: SilenceWatch, listener: DownListener): void => {
  socket.io.engine.on('handshake', (heartbeat: Heartbeat) =>
    silence.begin(heartbeat, () => {
      listener.lost()
      socket.disconnect()
    }),
  )
  socket.io.on('ping', () => {
    silence.heard()
    listener.heard()
  })
}

const transportOver = (socket: Socket, welcome: Welcome, silence: SilenceWatch): Transport => ({
  welcome,
  get open() {
    return socket.connected
  },
  get doubtful() {
    return silence.doubtful
  },
  send: (name, message, reply) => {
    socket.emit(name, message, reply)
  },
  tell: (leave) =>
    lastWord<'agreed' | 'refused' | 'unheard'>(socket, 'unheard', (heard) => {
      socket.emit(leave, {}, ({ ok }: Reply<null>) => heard(ok ? 'agreed' : 'refused'))
    }),
  goodbye: async () => {
    await lastWord(socket, undefined, () => socket.emit('bye'))
    socket.disconnect()
  },
  abandon: () => {
    socket.disconnect()
  },
})

/** Resolves with what was heard, or `otherwise` once the server has closed or nothing came in time. */
const lastWord = <Heard>(socket: Socket, otherwise: Heard, say: (heard: (value: Heard) => void) => void): Promise<Heard> =>
  new Promise((resolve) => {
    const done = (value: Heard): void => {
      clearTimeout(timer)
      socket.off('disconnect', closed)
      resolve(value)
    }
    const closed = (): void => done(otherwise)
    const timer = setTimeout(closed, lastWordTimeoutMs)
    socket.once('disconnect', closed)
    if (socket.connected) say(done)
    else closed()
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
