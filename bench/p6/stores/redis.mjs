import { RedisStore } from 'connect-redis'
import { createClient } from 'redis'
import { overExpressStore } from './express-store.mjs'

/** @param {import('../stores.mjs').StoreOptions} options */
export const open = async ({ bytes, port }) => {
  const client = createClient({ url: `redis://127.0.0.1:${port}` })
  await client.connect()
  const store = new RedisStore({ client, disableTouch: true })
  return overExpressStore(/** @type {any} */ (store), { bytes, close: () => void client.destroy() })
}
