import { createRequire } from 'node:module'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import session from 'express-session'
import { overExpressStore } from './express-store.mjs'

/** It has no types. @type {(session: unknown) => new (options: unknown) => import('express-session').Store} */
const createStore = createRequire(import.meta.url)('better-sqlite3-session-store')

/**
 * Each write is a transaction of its own that survives a power cut.
 * @param {import('../stores.mjs').StoreOptions} options
 */
export const open = async ({ bytes, directory }) => {
  const client = new Database(join(directory, 'sessions.db'))
  client.pragma('journal_mode = WAL')
  client.pragma('synchronous = FULL')
  const SqliteStore = createStore(session)
  return overExpressStore(new SqliteStore({ client, expired: { clear: false } }), { bytes, close: () => void client.close() })
}
