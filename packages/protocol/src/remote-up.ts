import { z } from 'zod'
import type { CatalogRow } from './rows.ts'
import type { StorableText } from './storable.ts'
import type { ErrorBody } from './tessera-error.ts'

/**
 * What a remote client says, over the socket.io namespace `/remote`. Every message but `bye` is acknowledged with a
 * Reply. Arguments and results are storable text that only the two ends parse.
 */
export const remoteHandshake = z.object({
  protocol: z.number().int(),
  /** Version of the client's product, for people. */
  client: z.string().max(100),
  user: z.string().max(200).optional(),
  password: z.string().max(1000).optional(),
  /** The project the client expects here; refused with `UNKNOWN_PROJECT` where another is published. */
  project: z.string().max(200).optional(),
  /** The resume token of a session to take up again, in place of user and password. */
  resume: z.string().max(200).optional(),
  machineName: z.string().max(200).default(''),
  systemUserName: z.string().max(200).default(''),
  hostType: z.string().max(50).default(''),
  /** Whether the client gives up its connection when the server asks for it after a quiet time (4d.md SES-51). */
  mayPostpone: z.boolean().default(false),
})
export type RemoteHandshake = z.infer<typeof remoteHandshake>

export const callUp = z.object({ process: z.number().int(), method: z.string().max(500), args: z.string() })
export type CallUp = z.infer<typeof callUp>
export const openProcessUp = z.object({ name: z.string().max(200) })
export const closeProcessUp = z.object({ process: z.number().int() })
/** The client is ready to run the version that a `reload` notice named. */
export const moveUp = z.object({ version: z.string().max(100) })

/** The client has the new resume token: the one before is good no longer. */
export const confirmUp = z.object({ token: z.string().max(200) })

export type Reply<Value> = { ok: true; value: Value } | { ok: false; error: ErrorBody }

export interface RemoteUpEvents {
  call: (message: CallUp, reply: (answer: Reply<StorableText>) => void) => void
  openProcess: (message: { name: string }, reply: (answer: Reply<{ process: number; id: string }>) => void) => void
  closeProcess: (message: { process: number }, reply: (answer: Reply<null>) => void) => void
  move: (message: { version: string }, reply: (answer: Reply<MovedTo>) => void) => void
  catalog: (message: Record<string, never>, reply: (answer: Reply<CatalogRow>) => void) => void
  confirm: (message: { token: string }, reply: (answer: Reply<null>) => void) => void
  /** The machine goes to sleep; the client closes the transport once this is acknowledged (4d.md SLP-01). */
  sleep: (message: Record<string, never>, reply: (answer: Reply<null>) => void) => void
  /** The client agrees to `postpone`, and closes the transport once this is acknowledged (4d.md SES-51). */
  postponed: (message: Record<string, never>, reply: (answer: Reply<null>) => void) => void
  bye: () => void
}

export interface MovedTo {
  version: { id: string; digest: string }
  /** Opens `/package/*` for this session; replaces the one before. */
  ticket: string
}
