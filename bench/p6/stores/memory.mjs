import session from 'express-session'
import { overExpressStore } from './express-store.mjs'

/** @param {import('../stores.mjs').StoreOptions} options */
export const open = async ({ bytes }) => overExpressStore(new session.MemoryStore(), { bytes, close: () => undefined })
