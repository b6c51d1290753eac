import { z } from 'zod'
import { limits } from './limits.ts'
import type { ProcedureProgress } from './procedure-handle.ts'
import type { CatalogRow } from './rows.ts'
import type { Payload, StorableText } from './storable.ts'
import type { ErrorBody } from './tessera-error.ts'

/**
 * What a remote client says, over the socket.io namespace `/remote`, in frames of `wire`. Every message but `bye` is
 * acknowledged with a Reply. Arguments and results are storable text that only the two ends parse; those of calls travel as
 * its bytes.
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

/** Chosen by the client, different for each request that it may cancel or ask for again; it goes with the call to its isolate and into the log. */
const requestId = z.string().min(1).max(64)
export const callUp = z.object({
  process: z.number().int(),
  method: z.string().max(500),
  args: z.custom<Payload>((args) => typeof args === 'string' || args instanceof Uint8Array),
  request: requestId.optional(),
  /** Counted from when the server has the call. */
  deadlineMs: z.number().optional(),
  /** A call that comes again under the same key, after a lost connection, is not run again. */
  key: z.string().min(1).max(200).optional(),
})
export type CallUp = z.infer<typeof callUp>
export const cancelUp = z.object({ request: requestId })
export const startProcedureUp = z.object({ method: z.string().max(500), args: z.string(), name: z.string().max(200), unique: z.boolean() })
/** For waiting for a stored procedure's end, and for hearing how far it is. */
export const procedureUp = z.object({ processId: z.string().max(64) })
export const cancelProcedureUp = z.object({ processId: z.string().max(64), reason: z.string().max(500) })
/** The name under which methods can be sent to this client (4d.md PRC-30). */
export const registerUp = z.object({ name: z.string().max(200) })
/** What became of an order. */
export const orderDoneUp = z.object({
  order: z.number().int(),
  outcome: z.discriminatedUnion('ok', [
    z.object({ ok: z.literal(true), value: z.string() }),
    z.object({
      ok: z.literal(false),
      error: z.object({
        code: z.string().max(100),
        message: z.string().max(limits.errorCharacters),
        className: z.string().max(200).optional(),
        stack: z.string().max(limits.errorCharacters).optional(),
      }),
    }),
  ]),
})
export type OrderOutcome = z.infer<typeof orderDoneUp>['outcome']
export const openProcessUp = z.object({ name: z.string().max(200) })
export const closeProcessUp = z.object({ process: z.number().int() })
/** The client is ready to run the version that a `reload` notice named. */
export const moveUp = z.object({ version: z.string().max(100) })

/** The client has the new resume token: the one before is good no longer. */
export const confirmUp = z.object({ token: z.string().max(200) })

export type Reply<Value> = { ok: true; value: Value } | { ok: false; error: ErrorBody }

export interface RemoteUpEvents {
  call: (message: CallUp, reply: (answer: Reply<Payload>) => void) => void
  /** Answered at once; the call itself ends as `CALL_CANCELLED`. What has ended or never was is no error. */
  cancelCall: (message: { request: string }, reply: (answer: Reply<null>) => void) => void
  startProcedure: (message: z.infer<typeof startProcedureUp>, reply: (answer: Reply<{ processId: string; number: number }>) => void) => void
  /** Answered when the procedure has ended. */
  procedureResult: (message: { processId: string }, reply: (answer: Reply<StorableText>) => void) => void
  /** Answered with what is known; from then on this connection is sent `progress` of it, to its end. */
  watchProcedure: (message: { processId: string }, reply: (answer: Reply<ProcedureProgress | null>) => void) => void
  /** Answered when the procedure has been told. */
  cancelProcedure: (message: z.infer<typeof cancelProcedureUp>, reply: (answer: Reply<null>) => void) => void
  register: (message: { name: string }, reply: (answer: Reply<null>) => void) => void
  unregister: (message: Record<string, never>, reply: (answer: Reply<null>) => void) => void
  orderDone: (message: z.infer<typeof orderDoneUp>, reply: (answer: Reply<null>) => void) => void
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
