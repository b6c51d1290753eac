import { protocolVersion, type RemoteHandshake, remoteHandshake, TesseraError } from '@tessera/protocol'
import type { z } from 'zod'

/** @throws TesseraError `BAD_REQUEST` naming the member that is not right. */
export const readMessage = <Schema extends z.ZodType>(schema: Schema, message: unknown): z.infer<Schema> => {
  const parsed = schema.safeParse(message)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new TesseraError('BAD_REQUEST', `The message is not right: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim())
}

/** @throws TesseraError `PROTOCOL_MISMATCH`, `BAD_REQUEST`. */
export const readHandshake = (auth: unknown): RemoteHandshake => {
  const protocol: unknown = typeof auth === 'object' && auth !== null && 'protocol' in auth ? auth.protocol : undefined
  if (protocol !== protocolVersion) {
    throw new TesseraError(
      'PROTOCOL_MISMATCH',
      `The server speaks protocol ${protocolVersion}; the client speaks ${typeof protocol === 'number' ? protocol : 'another'}. Install the same version of Tessera.`,
    )
  }
  return readMessage(remoteHandshake, auth)
}
