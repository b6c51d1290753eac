import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Engine, Logger } from '@tessera/core'
import { TesseraError } from '@tessera/protocol'
import type { ServerConfig } from '../config.ts'
import type { EntryRules } from '../gateway/entry-rules.ts'
import type { AdminCookie } from './admin-cookie.ts'
import { answerError, answerJson, notFound } from './answers.ts'
import { consoleDirectory, createConsoleFiles, readScriptHashes } from './console-files.ts'
import { type PackageFiles, sendPackage } from './package-sender.ts'
import { setSecurityHeaders } from './security-headers.ts'
import { handleTrpc } from './trpc.ts'

interface Parts {
  config: Pick<ServerConfig, 'tls'>
  engine: Pick<Engine, 'dispatch' | 'reads'>
  cookie: AdminCookie
  rules: EntryRules
  packages: PackageFiles
  logger: Logger
}

type Handle = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>

/** The one port's HTTP side; socket.io takes `/live` for itself. */
export const createHttpServer = (parts: Parts): Server => {
  const scriptHashes = readScriptHashes(consoleDirectory)
  const routes = createRoutes(parts)
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    setSecurityHeaders(response, { tls: parts.config.tls !== null, scriptHashes })
    try {
      parts.rules.checkHost(request.headers)
      await routes(request)(request, response)
    } catch (error) {
      if (!(error instanceof TesseraError))
        parts.logger.error('A request failed', { path: pathOf(request), detail: error instanceof Error ? (error.stack ?? '') : String(error) })
      answerError(response, error)
    }
  }
  const listener = (request: IncomingMessage, response: ServerResponse): void => void handle(request, response)
  const { tls } = parts.config
  return tls === null ? createServer(listener) : createTlsServer({ ...tls, minVersion: 'TLSv1.2' }, listener)
}

const createRoutes = (parts: Parts): ((request: IncomingMessage) => Handle) => {
  const console = createConsoleFiles(consoleDirectory)
  const startedAt = Date.now()
  return (request) => {
    const path = pathOf(request)
    if (path.startsWith('/trpc/')) return (req, res) => handleTrpc(req, res, parts)
    if (path.startsWith('/console/')) return console
    if (path.startsWith('/package/')) return (req, res) => sendPackage(req, res, parts)
    if (path === '/healthz') return (_req, res) => sendHealth(res, parts.engine, startedAt)
    if (path === '/readyz') return (_req, res) => sendReadiness(res, parts.engine)
    if (path === '/' || path === '/console') return (_req, res) => void res.writeHead(302, { Location: '/console/' }).end()
    throw notFound()
  }
}

const pathOf = (request: IncomingMessage): string => new URL(request.url ?? '/', 'http://localhost').pathname

/** The process lives. */
const sendHealth = async (response: ServerResponse, { reads }: Pick<Engine, 'reads'>, startedAt: number): Promise<void> => {
  const { publication, version, sessions } = await reads.server()
  const { remote, web } = sessions
  answerJson(response, 200, {
    status: 'ok',
    project: publication,
    version: version?.id ?? null,
    uptimeSeconds: Math.round((Date.now() - startedAt) / 1000),
    sessions: { remote, web },
  })
}

/** Clients are let in. */
const sendReadiness = async (response: ServerResponse, { reads }: Pick<Engine, 'reads'>): Promise<void> => {
  const { state } = await reads.server()
  if (state === 'running') answerJson(response, 200, { status: 'ready' })
  else answerError(response, new TesseraError(state === 'starting' ? 'SERVER_STARTING' : 'SERVER_STOPPING', `The server is ${state}.`, { retryAfterMs: 1000 }))
}
