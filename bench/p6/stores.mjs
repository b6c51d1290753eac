/**
 * @typedef {object} StoreOptions
 * @property {number} bytes of each document
 * @property {number} sessions
 * @property {string} directory where the store may keep files
 * @property {string} project folder of a Tessera project
 * @property {number} port of its redis-server
 */

/**
 * @typedef {object} Peer
 * @property {string} title
 * @property {string} module in `stores/`
 * @property {'everysec' | 'always'} [redis] how its redis-server writes
 * @property {'power cut' | 'a second of it lost' | 'no'} survives what it says it survives
 */

/** @type {Readonly<Record<string, Peer>>} */
export const stores = {
  tessera: { title: 'Tessera, engine and journal as shipped', module: 'tessera', survives: 'power cut' },
  memory: { title: 'express-session MemoryStore', module: 'memory', survives: 'no' },
  'redis-everysec': { title: 'connect-redis, appendfsync everysec', module: 'redis', redis: 'everysec', survives: 'a second of it lost' },
  'redis-always': { title: 'connect-redis, appendfsync always', module: 'redis', redis: 'always', survives: 'power cut' },
  sqlite: { title: 'SQLite store, synchronous FULL, whole document', module: 'sqlite', survives: 'power cut' },
}
