import type { IncomingMessage } from 'node:http'
import type { Operator } from '@tessera/api'
import type { Engine } from '@tessera/core'
import type { EntryRules } from '../gateway/entry-rules.ts'
import type { AdminCookie } from './admin-cookie.ts'

export interface Presented {
  token: string
  operator: Operator
}

/** `Authorization: Bearer ...`; null without. */
export const bearerOf = ({ headers }: Pick<IncomingMessage, 'headers'>): string | null =>
  /^Bearer ([\w-]{20,200})$/i.exec(headers.authorization ?? '')?.[1] ?? null

interface Parts {
  engine: Pick<Engine, 'reads'>
  cookie: AdminCookie
  rules: EntryRules
}

interface Look {
  /** Whether a page of another site could have sent this: a mutation or a socket. */
  changes: boolean
  /** Whether somebody does something: it keeps the console session from going idle. */
  active: boolean
}

/**
 * Who sends a request: by bearer token from anywhere, by cookie only from the server's own pages.
 * @throws TesseraError `ORIGIN_REFUSED`.
 */
export const presentedBy = async (request: Pick<IncomingMessage, 'headers'>, { engine, cookie, rules }: Parts, look: Look): Promise<Presented | null> => {
  const bearer = bearerOf(request)
  const token = bearer ?? cookie.read(request)
  if (token === null) return null
  if (bearer === null) rules.needOwnPage(request.headers, { originRequired: look.changes })
  const operator = await engine.reads.operator(token, look.active)
  return operator === null ? null : { token, operator }
}
