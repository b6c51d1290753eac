import { once } from 'node:events'
import type { Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isAbsolute } from 'node:path'
import type { Engine, EventBus, Logger } from '@tessera/core'
import { holdDataDirectory } from '@tessera/db'
import { type ServerRow, TesseraError } from '@tessera/protocol'
import type { Server as LiveServer } from 'socket.io'
import { type Composition, compose } from './compose.ts'
import type { ServerConfig } from './config.ts'
import { prepareDataDirectory, removeServerFile, writeServerFile } from './data-directory.ts'
import { EntryRules, isLoopback } from './gateway/entry-rules.ts'
import { AdminCookie } from './http/admin-cookie.ts'
import { createHttpServer } from './http/http-server.ts'
import { createLiveServer } from './live-server.ts'
import { forgetRunningServer, noteRunningServer } from './running-servers.ts'

export interface RunningTessera {
  /** `http(s)://localhost:port`: how this machine reaches it. */
  url: string
  port: number
  engine: Engine
  bus: EventBus
  warnings: readonly string[]
  /** Stops in order: nobody new, sessions closed, `onServerShutdown`, sockets, database. Called twice, it stops once. */
  stop(reason: string): Promise<void>
}

interface StartOptions {
  config: ServerConfig
  productVersion: string
  logger: Logger
  onStep(step: string): void
}

/**
 * Starts a server and answers when clients are let in. What fails leaves nothing running.
 * @throws TesseraError `DATA_DIR_UNWRITABLE`, `DATA_DIR_IN_USE`, `PORT_IN_USE`, `PROJECT_INVALID`, `NOT_ALLOWED` and others.
 */
export const startServer = async (options: StartOptions): Promise<RunningTessera> => {
  const { config } = options
  if (!isAbsolute(config.dataDirectory)) throw new TesseraError('BAD_REQUEST', 'The data directory must be an absolute path.')
  const undo: (() => unknown)[] = []
  const undoAll = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    return await start(options, undo, undoAll)
  } catch (error) {
    await undoAll()
    throw error
  }
}

const start = async (
  { config, productVersion, logger, onStep }: StartOptions,
  undo: (() => unknown)[],
  undoAll: () => Promise<void>,
): Promise<RunningTessera> => {
  onStep('opening the data directory')
  prepareDataDirectory(config.dataDirectory)
  undo.push(holdDataDirectory(config.dataDirectory))
  const composition = await compose(config, productVersion, logger)
  undo.push(() => composition.close())
  const { engine } = composition
  const warnings = await checkExposure(config, engine)

  onStep('opening the port')
  const { http, live } = createServers(config, composition, logger)
  const port = await listen(http, config)
  undo.push(() => closeServers(http, live))

  onStep('publishing the project')
  undo.push(() => engine.stop('The server stops.'))
  const { ownerToken } = await engine.start()
  const url = `${config.tls === null ? 'http' : 'https'}://localhost:${port}`
  writeServerFile(config.dataDirectory, { url, pid: process.pid, token: ownerToken, startedAt: new Date().toISOString() })
  noteRunningServer({ url, pid: process.pid, dataDirectory: config.dataDirectory, project: config.projectDirectory })
  undo.push(() => {
    removeServerFile(config.dataDirectory)
    forgetRunningServer(process.pid)
  })
  let stopping: Promise<void> | null = null
  return {
    url,
    port,
    engine,
    bus: composition.bus,
    warnings: [...warnings, ...entryWarnings(await engine.reads.server()), ...engine.reads.licences().warnings],
    stop: (reason) => {
      stopping ??= engine.stop(reason).then(undoAll)
      return stopping
    },
  }
}

const createServers = (
  config: ServerConfig,
  { engine, bus, connections, packages, serverId, digest }: Composition,
  logger: Logger,
): { http: HttpServer; live: LiveServer } => {
  const rules = new EntryRules({ host: config.host, allowedHosts: config.allowedHosts, tls: config.tls !== null, devConsole: config.devConsole })
  const cookie = new AdminCookie(serverId, { insecure: config.insecureHttp && config.tls === null })
  const http = createHttpServer({ config, engine, cookie, rules, packages, logger })
  const live = createLiveServer(http, { config, engine, bus, connections, logger, rules, cookie, digest })
  return { http, live }
}

/**
 * On an address that other machines reach, somebody must have to sign in (6-security.md E1, Default accounts).
 * @throws TesseraError `NOT_ALLOWED`.
 */
const checkExposure = async ({ host, open, tls, insecureHttp }: ServerConfig, engine: Engine): Promise<string[]> => {
  if (isLoopback(host)) return []
  const designer = (await engine.reads.users())[0]
  if (designer?.hasPassword !== true && !open) {
    throw new TesseraError(
      'NOT_ALLOWED',
      `On ${host} everybody who reaches this machine could connect as Designer: give Designer a password first (tessera directory set-password Designer), or add --open.`,
    )
  }
  if (tls !== null) return []
  const cookies = insecureHttp ? '' : ' Browsers on other machines will not keep the console signed in: use TLS, or --insecure-http.'
  return [`Passwords and data cross the network unencrypted on ${host}: give --tls-cert and --tls-key.${cookies}`]
}

/** Who is not let in, where an operator may have forgotten that. */
const entryWarnings = ({ entry }: ServerRow): string[] => [
  ...(entry.accepting
    ? []
    : [`New connections are refused${entry.message === '' ? '' : ` ("${entry.message}")`}: tessera connections accept lets them in again.`]),
  ...entry.warnings.map((warning) => `The address table: ${warning}`),
]

/** @throws TesseraError `PORT_IN_USE`. */
const listen = async (http: HttpServer, { host, port }: ServerConfig): Promise<number> => {
  http.listen(port, host)
  try {
    await once(http, 'listening')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : ''
    if (code === 'EADDRINUSE')
      throw new TesseraError('PORT_IN_USE', `Port ${port} on ${host} is in use: stop what uses it, or choose another with --port.`, { cause })
    throw new TesseraError('BAD_REQUEST', `The server cannot listen on ${host}:${port}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
  return (http.address() as AddressInfo).port
}

const closeServers = async (http: HttpServer, live: LiveServer): Promise<void> => {
  await live.close()
  http.closeAllConnections()
}
