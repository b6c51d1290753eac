import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where this user's packages are kept: `TESSERA_CACHE_DIR`, else `~/.cache/tessera`. */
export const cacheDirectory = (): string => process.env['TESSERA_CACHE_DIR'] || join(homedir(), '.cache', 'tessera')
