import type { ConnectionIndex, Engine, EventBus, Logger } from '@tessera/core'
import { type RemoteDownEvents, type RemoteUpEvents, TesseraError, toErrorBody } from '@tessera/protocol'
import type { Namespace, Socket } from 'socket.io'
import type { EntryRules } from './entry-rules.ts'
import type { ProgressWatchers } from './progress-watchers.ts'

interface SocketData {
  /** Set once the engine has let the client in. */
  serve(): void
}
export type RemoteSocket = Socket<RemoteUpEvents, RemoteDownEvents, Record<string, never>, SocketData>
export type RemoteNamespace = Namespace<RemoteUpEvents, RemoteDownEvents, Record<string, never>, SocketData>

/** What the gateway works with. */
export interface GatewayParts {
  engine: Pick<Engine, 'dispatch' | 'reads'>
  bus: EventBus
  /** Kept by the gateway, for the engine's own check. */
  connections: ConnectionIndex
  logger: Logger
  rules: EntryRules
  watchers: ProgressWatchers
  graceSeconds: number
  sleepSeconds: number
  postponedSeconds: number
  payloadBytes: number
}

/** An error as a client is told it; what was not expected goes to the log. */
export const bodyOf = (error: unknown, { logger }: Pick<GatewayParts, 'logger'>) => {
  if (!(error instanceof TesseraError)) {
    logger.error('A client request failed', { detail: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
  return toErrorBody(error)
}
