/**
 * What a Tessera project imports. Everything here works where the project runs: in the user's session on the server, in
 * the client half on the user's machine, or standalone.
 */
import type { Storable } from '@tessera/protocol'
import { findKitHost, needKitHost } from './kit-host.ts'
import type { Remote } from './remote.ts'
import type { CurrentProcess, ProcedureHandle, Session, SessionInfo, SharedStorage } from './session.ts'

export type { Storable } from '@tessera/protocol'
export { MethodError, TesseraError } from '@tessera/protocol'
export { z } from 'zod'
export { onServer, type ServerMethod, type ServerMethodOptions, serverMethodOf } from './on-server.ts'
export type { AbortSignalLike, CallOptions, Remote, RemoteEvents, RemoteProcess } from './remote.ts'
export type * from './session.ts'

/** The session that this call runs in; null on a remote client and outside any session (4d.md SES-03, SES-05). */
export const session = (): Session | null => findKitHost()?.session() ?? null

/** The process that this call runs in. @throws TesseraError `NOT_AVAILABLE_HERE` outside a call. */
export const currentProcess = (): CurrentProcess => needKitHost().currentProcess()

export const storedProcedures = {
  /**
   * Starts a method in a process of its own, in the one stored-procedures session (4d.md PRC-11, SES-09).
   * `unique`: where a process of that name runs, it is returned and nothing is started (4d.md PRC-12).
   * @throws TesseraError `METHOD_NOT_FOUND`, `PROCESS_NAME_INVALID` for names that start with `$` (4d.md PRC-14).
   */
  start: (method: string, args: readonly Storable[] = [], options: { name?: string; unique?: boolean } = {}): Promise<ProcedureHandle> =>
    needKitHost().startProcedure(method, args, options),
}

/** Inside a stored procedure: how far it is (0..1) and what it does, shown in the console. */
export const progress = (fraction: number, text = ''): void => needKitHost().progress(fraction, text)

/** The info object of any session, or null for an unknown id (4d.md SES-45). Server only. */
export const sessionInfo = (id: string): Promise<SessionInfo | null> => needKitHost().sessionInfo(id)

/** Another session's live storage, or null for an unknown id (4d.md SES-46). Server only. */
export const sessionStorage = (id: string): Promise<SharedStorage | null> => needKitHost().sessionStorage(id)

/** RELOAD PROJECT: builds the project folder again and publishes it when it changed (4d.md RLD-03, RLD-04). */
export const reloadProject = (): Promise<void> => needKitHost().reloadProject()

/** What a module may register while it loads. Servers load modules of both halves, and there it means nothing. */
const registrations = new Set<PropertyKey>(['on', 'beforeReload', 'afterReload'] satisfies (keyof Remote)[])

/** The client half's own surface. On the server listeners are ignored, and anything else throws. */
export const remote: Remote = new Proxy({} as Remote, {
  get: (_target, name) => {
    const surface = needKitHost().remote
    if (surface === null && registrations.has(name)) return () => () => undefined
    if (surface === null) throw new Error('`remote` belongs to the client half: server code cannot use it.')
    const member: unknown = Reflect.get(surface, name)
    return typeof member === 'function' ? member.bind(surface) : member
  },
})
