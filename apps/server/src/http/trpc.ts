import type { IncomingMessage, ServerResponse } from 'node:http'
import { appRouter, type Context } from '@tessera/api'
import type { Engine } from '@tessera/core'
import { limits, TesseraError } from '@tessera/protocol'
import { nodeHTTPRequestHandler } from '@trpc/server/adapters/node-http'
import type { EntryRules } from '../gateway/entry-rules.ts'
import type { AdminCookie } from './admin-cookie.ts'
import { bearerOf, presentedBy } from './credentials.ts'

interface Parts {
  engine: Pick<Engine, 'dispatch' | 'reads'>
  cookie: AdminCookie
  rules: EntryRules
}

/** `/trpc/*`: the administration API for scripts and the console. */
export const handleTrpc = async (request: IncomingMessage, response: ServerResponse, parts: Parts): Promise<void> => {
  checkMechanics(request, parts)
  const presented = await presentedBy(request, parts, { changes: request.method !== 'GET', active: true })
  const context: Context = {
    engine: parts.engine,
    operator: presented?.operator ?? null,
    token: presented?.token ?? null,
    address: request.socket.remoteAddress ?? '',
    keepSignedIn: (session) => (session === null ? parts.cookie.clear(response) : parts.cookie.set(response, session.token)),
  }
  response.setHeader('Cache-Control', 'no-store')
  await nodeHTTPRequestHandler({
    router: appRouter,
    createContext: () => Promise.resolve(context),
    req: request,
    res: response,
    path: new URL(request.url ?? '/', 'http://localhost').pathname.slice('/trpc/'.length),
    maxBodySize: limits.payloadBytes * 2,
  })
}

/**
 * Forms of other sites can post, but not as JSON and not with this header (6-security.md E3): whatever has no bearer token must
 * bring both. @throws TesseraError `BAD_REQUEST`, `ORIGIN_REFUSED`.
 */
const checkMechanics = (request: IncomingMessage, { rules }: Parts): void => {
  const { method, headers } = request
  if (method !== 'GET' && method !== 'POST') throw new TesseraError('BAD_REQUEST', 'Queries are GET, mutations are POST.')
  if (method === 'POST' && !/^application\/json\b/i.test(headers['content-type'] ?? '')) {
    throw new TesseraError('BAD_REQUEST', 'Mutations are sent as application/json.')
  }
  if (bearerOf(request) !== null) return
  if (headers['x-tessera-console'] !== '1')
    throw new TesseraError('ORIGIN_REFUSED', 'Requests of the console carry the header x-tessera-console; scripts carry a bearer token.')
  rules.needOwnPage(headers, { originRequired: false })
}
