import type { Server as HttpServer } from 'node:http'
import type { ConnectionIndex, Engine, EventBus, Logger } from '@tessera/core'
import { limits, TesseraError } from '@tessera/protocol'
import { wireParser } from '@tessera/protocol/wire'
import { Server } from 'socket.io'
import type { ServerConfig } from './config.ts'
import { ConsoleFeed, type ConsoleNamespace } from './gateway/console-feed.ts'
import type { EntryRules } from './gateway/entry-rules.ts'
import { ProgressWatchers } from './gateway/progress-watchers.ts'
import { RemoteGateway } from './gateway/remote-gateway.ts'
import type { RemoteNamespace } from './gateway/remote-socket.ts'
import type { AdminCookie } from './http/admin-cookie.ts'
import { type Presented, presentedBy } from './http/credentials.ts'

interface Parts {
  config: ServerConfig
  engine: Engine
  bus: EventBus
  connections: ConnectionIndex
  logger: Logger
  rules: EntryRules
  cookie: AdminCookie
  /** SHA-256 of a bearer secret. */
  digest(secret: string): string
}

/** `/live`: socket.io with its two namespaces, on the one port. */
export const createLiveServer = (http: HttpServer, parts: Parts): Server => {
  const { config, engine, bus, connections, logger, rules } = parts
  const io = new Server(http, {
    path: '/live',
    addTrailingSlash: false,
    serveClient: false,
    transports: ['websocket'],
    perMessageDeflate: false,
    parser: wireParser,
    // Whoever has not answered a sign of life when two thirds of the next one's time have passed is gone (4d.md SLP-10).
    pingInterval: config.heartbeatSeconds * 1000,
    pingTimeout: Math.round((config.heartbeatSeconds * 2000) / 3),
    maxHttpBufferSize: config.payloadBytes * limits.transportFactor,
    allowRequest: (request, decide) => {
      try {
        rules.checkHost(request.headers)
        decide(null, true)
      } catch (error) {
        decide(error instanceof Error ? error.message : 'refused', false)
      }
    },
  })
  // socket.io types events by server; here each namespace has its own.
  const remote = io.of('/remote') as unknown as RemoteNamespace
  const console = io.of('/console') as unknown as ConsoleNamespace
  const { graceSeconds, sleepSeconds, postponedSeconds, payloadBytes } = config
  const watchers = new ProgressWatchers(bus)
  new RemoteGateway(remote, { engine, bus, connections, logger, rules, watchers, graceSeconds, sleepSeconds, postponedSeconds, payloadBytes })
  new ConsoleFeed(console, { engine, bus, admit: (socket) => admitViewer(socket.handshake, parts) })
  return io
}

/** By bearer token in the handshake, or by cookie from the server's own page: a socket always needs the exact Origin then. */
const admitViewer = async (
  { headers, auth }: { headers: Parameters<typeof presentedBy>[0]['headers']; auth: Record<string, unknown> },
  { engine, cookie, rules, digest }: Parts,
) => {
  const bearer = typeof auth['token'] === 'string' ? { ...headers, authorization: `Bearer ${auth['token']}` } : headers
  const presented: Presented | null = await presentedBy({ headers: bearer }, { engine, cookie, rules }, { changes: true, active: false })
  if (presented === null) throw new TesseraError('SIGN_IN_REQUIRED', 'Sign in first.')
  return { tokenHash: digest(presented.token) }
}
