import { randomBytes, randomUUID } from 'node:crypto'
import type { IdSource } from '@tessera/core'

/** Ids and secrets from the operating system's generator. */
export const randomIds: IdSource = {
  id: () => randomUUID().replaceAll('-', '').toUpperCase(),
  secret: () => randomBytes(32).toString('base64url'),
}
