/** Packages alone, without the compilers: all that a remote client needs of this room. */
export { archiveLimits, readArchive, writeArchive } from './package/archive.ts'
export { type CachedClient, type ClientCache, type ClientCacheOptions, createClientCache } from './package/client-cache.ts'
export type { Pack } from './package/pack.ts'
export { unpackArchive } from './package/unpack.ts'
export { verifyArchive } from './package/verify.ts'
