import { type ErrorBody, payloadText, protocolVersion, type RemoteDownEvents, type RemoteUpEvents, type Reply, type Welcome } from '@tessera/protocol'
import { utf8Bytes, wireParser } from '@tessera/protocol/wire'
import { io, type Socket } from 'socket.io-client'

export type RawSocket = Socket<RemoteDownEvents, RemoteUpEvents>

export type Knock = { kind: 'welcome'; welcome: Welcome; socket: RawSocket } | { kind: 'refused'; error: ErrorBody } | { kind: 'closed'; message: string }

export interface KnockOptions {
  namespace?: '/remote' | '/console'
  auth?: Readonly<Record<string, unknown>>
  headers?: Readonly<Record<string, string>>
}

/** What a client says that keeps to the rules. */
export const goodManners = { protocol: protocolVersion, client: 'end-to-end test', machineName: 'test', systemUserName: 'test', hostType: 'linux' }

/** Knocks at `/live` without the SDK, which would not send what these tests send. The socket is the caller's to close. */
export const knock = (url: string, { namespace = '/remote', auth = goodManners, headers = {} }: KnockOptions = {}): Promise<Knock> =>
  new Promise((resolve) => {
    const socket: RawSocket = io(`${url}${namespace}`, {
      path: '/live',
      addTrailingSlash: false,
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      timeout: 20_000,
      parser: wireParser,
      auth: { ...auth },
      extraHeaders: { ...headers },
    })
    const refuse = (knocked: Knock): void => {
      socket.disconnect()
      resolve(knocked)
    }
    socket.once('welcome', (welcome) => resolve({ kind: 'welcome', welcome, socket }))
    if (namespace === '/console') socket.once('connect', () => refuse({ kind: 'closed', message: 'let in' }))
    socket.once('connect_error', (error: Error & { data?: unknown }) => {
      refuse(isErrorBody(error.data) ? { kind: 'refused', error: error.data } : { kind: 'closed', message: error.message })
    })
  })

/** Knocks where the door must open. */
export const enter = async (url: string): Promise<{ welcome: Welcome; socket: RawSocket }> => {
  const knocked = await knock(url)
  if (knocked.kind !== 'welcome') throw new Error(`The server did not let the client in: ${JSON.stringify(knocked)}`)
  return knocked
}

/** One call, its arguments and its result as texts. */
export const rawCall = (socket: RawSocket, message: { process: number; method: string; args: string }): Promise<Reply<string>> =>
  new Promise((resolve, reject) => {
    socket.once('disconnect', (reason) => reject(new Error(`The connection was cut: ${reason}`)))
    socket.emit('call', { ...message, args: utf8Bytes(message.args) }, (answer) => resolve(answer.ok ? { ok: true, value: payloadText(answer.value) } : answer))
  })

const isErrorBody = (value: unknown): value is ErrorBody => typeof value === 'object' && value !== null && 'code' in value && 'message' in value
