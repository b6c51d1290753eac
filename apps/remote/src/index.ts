/** The remote client: runs the client half of a server's project on the user's machine. */
export { cacheDirectory } from './cache-directory.ts'
export type { RemoteOptions } from './remote-options.ts'
export { runRemote } from './run-remote.ts'
