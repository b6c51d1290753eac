import { fileURLToPath } from 'node:url'

/** The root of the clone, without a slash at its end. */
export const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '')

/** Where the scripts keep what they remember between two runs; deleting it costs one slower run. */
export const cacheFolder = `${repositoryRoot}/node_modules/.cache/tessera`

/** No tool below may phone home, and none may look for updates. */
export const quietEnvironment = { NEXT_TELEMETRY_DISABLED: '1', TURBO_TELEMETRY_DISABLED: '1', CHECKPOINT_DISABLE: '1' }
