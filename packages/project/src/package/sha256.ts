import { createHash } from 'node:crypto'

/** Lower-case hexadecimal SHA-256. */
export const sha256 = (content: Uint8Array | string): string => createHash('sha256').update(content).digest('hex')
