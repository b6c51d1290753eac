/**
 * What a Tessera project imports. Everything here works where the project runs: in the user's session on the server, in
 * the client half on the user's machine, or standalone.
 */
import { type ProcedureHandle, type Storable, TesseraError } from '@tessera/protocol/values'
import type { ActivityOptions, ProcessActivity } from './activity.ts'
import { findKitHost, needKitHost } from './kit-host.ts'
import type { MessageReceipt, MessageTarget, OrderHandle, RegisteredClient } from './orders.ts'
import type { Remote } from './remote.ts'
import type { CurrentProcess, Session, SessionInfo, SharedStorage } from './session.ts'

export type { ProcedureHandle, ProcedureProgress, Storable } from '@tessera/protocol/values'
export { MethodError, TesseraError } from '@tessera/protocol/values'
export { z } from 'zod'
export type * from './activity.ts'
export { onServer, type ServerMethod, type ServerMethodOptions, serverMethodOf } from './on-server.ts'
export type * from './orders.ts'
export type { AbortSignalLike, CallOptions, Remote, RemoteEvents, RemoteProcess } from './remote.ts'
export type * from './session.ts'

/** The session that this call runs in; null on a remote client and outside any session (4d.md SES-03, SES-05). */
export const session = (): Session | null => findKitHost()?.session() ?? null

/** The process that this call runs in. @throws TesseraError `NOT_AVAILABLE_HERE` outside a call. */
export const currentProcess = (): CurrentProcess => needKitHost().currentProcess()

export const storedProcedures = {
  /**
   * Starts a method in a process of its own, in the one stored-procedures session (4d.md PRC-11, SES-09), on the version of
   * whoever starts it. The same line works on the server and in the client half; a client starts the methods that it may call:
   * those made with `onServer`, for its user's groups. Server code starts any method.
   * `name`: the method's without one, whatever the arguments (4d.md PRC-13 takes an empty one then).
   * `unique`: where a process of that name runs, it is the one that is answered, and nothing is started (4d.md PRC-12).
   * @throws TesseraError `METHOD_NOT_FOUND`, `NOT_ALLOWED`, `PROCESS_NAME_INVALID` for names that start with `$` (4d.md PRC-14)
   * or are too long, `TOO_MANY_CALLS` where this session has too many of them running, `NOT_STORABLE`, `PAYLOAD_TOO_LARGE`.
   */
  start: (method: string, args: readonly Storable[] = [], options: { name?: string; unique?: boolean } = {}): Promise<ProcedureHandle> => {
    const host = needKitHost()
    const { name = '', unique = false } = options
    if (typeof method === 'string' && typeof name === 'string' && typeof unique === 'boolean' && Array.isArray(args))
      return host.startProcedure(method, args, options)
    return Promise.reject(new TesseraError('BAD_REQUEST', 'A stored procedure is started with the name of a method and the list of its arguments.'))
  },
}

/** Inside a stored procedure: how far it is (0..1) and what it does, shown in the console and told to whoever started it. */
export const progress = (fraction: number, text = ''): void => needKitHost().progress(fraction, text)

/** The info object of any session, or null for an unknown id (4d.md SES-45). Server only. */
export const sessionInfo = (id: string): Promise<SessionInfo | null> => needKitHost().sessionInfo(id)

/** Another session's live storage, or null for an unknown id (4d.md SES-46). Server only. */
export const sessionStorage = (id: string): Promise<SharedStorage | null> => needKitHost().sessionStorage(id)

/**
 * What runs on the server, with 4D's names (4d.md PRC-40..48): processes and sessions of all, or of one session; null for an
 * unknown id. On a client and alone it is the list of local processes, whatever was asked for (4d.md PRC-41).
 * @throws TesseraError `BAD_REQUEST` for options that are none.
 */
export function processActivity(options?: ActivityOptions): Promise<ProcessActivity>
export function processActivity(sessionId: string, options?: ActivityOptions): Promise<ProcessActivity | null>
export function processActivity(first: string | ActivityOptions = 0, second: ActivityOptions = 0): Promise<ProcessActivity | null> {
  const [sessionId, options] = typeof first === 'string' ? [first, second] : [null, first]
  return needKitHost().processActivity(sessionId, options)
}

/**
 * EXECUTE ON CLIENT: has every client that is registered under that name (`@` stands for any text) run a method of its client
 * half (4d.md PRC-31). Resolves when the server has the order (4d.md PRC-33); a client that is away runs it when it is back.
 * Server only; alone it reaches nobody (4d.md PRC-36).
 * @throws TesseraError `CLIENT_NOT_REGISTERED` for a plain name that nobody has, `CLIENT_NAME_INVALID`, `PAYLOAD_TOO_LARGE`,
 * `TOO_MANY_CALLS` where no client of that name takes more.
 */
export const executeOnClient = (name: string, method: string, ...args: readonly Storable[]): Promise<OrderHandle> =>
  needKitHost().executeOnClient(name, method, args)

/** GET REGISTERED CLIENTS (4d.md PRC-34). Server only. */
export const registeredClients = (): Promise<readonly RegisteredClient[]> => needKitHost().registeredClients()

/**
 * Shows a message to users, and tells who has received it: what a client that is away was told it is shown on return. Server only.
 * @throws TesseraError `BAD_REQUEST`, and as `executeOnClient` for `{ client }`.
 */
export const sendMessage = (target: MessageTarget, text: string): Promise<MessageReceipt> => needKitHost().sendMessage(target, text)

/** RELOAD PROJECT: builds the project folder again and publishes it when it changed (4d.md RLD-03, RLD-04). */
export const reloadProject = (): Promise<void> => needKitHost().reloadProject()

const ignored = () => () => undefined
const ignoredLater = () => Promise.resolve()

/** What a module may register while it loads, and a client for orders. Servers load modules of both halves, and there it means nothing. */
const registrations = new Map<PropertyKey, () => unknown>(
  Object.entries({
    on: ignored,
    beforeReload: ignored,
    afterReload: ignored,
    register: ignoredLater,
    unregister: ignoredLater,
  } satisfies Partial<Record<keyof Remote, () => unknown>>),
)

/** The client half's own surface. On the server listeners are ignored, and anything else throws. */
export const remote: Remote = new Proxy({} as Remote, {
  get: (_target, name) => {
    const surface = needKitHost().remote
    const registration = registrations.get(name)
    if (surface === null && registration !== undefined) return registration
    if (surface === null) throw new Error('`remote` belongs to the client half: server code cannot use it.')
    const member: unknown = Reflect.get(surface, name)
    return typeof member === 'function' ? member.bind(surface) : member
  },
})
