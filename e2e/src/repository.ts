import { fileURLToPath } from 'node:url'

/** The launcher that people use. */
export const launcher = fileURLToPath(new URL('../../bin/tessera', import.meta.url))
