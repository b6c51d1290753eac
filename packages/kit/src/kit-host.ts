import type { ProcedureHandle, Storable } from '@tessera/protocol/values'
import type { ActivityOptions, ProcessActivity } from './activity.ts'
import type { MessageReceipt, MessageTarget, OrderHandle, RegisteredClient } from './orders.ts'
import type { Remote } from './remote.ts'
import type { CurrentProcess, Session, SessionInfo, SharedStorage } from './session.ts'

/**
 * What the place that runs project code offers to the kit. The kit of a package is bundled with it, so a newer server
 * still runs older packages: the host is found by a numbered symbol, and a change that breaks it takes the next number.
 */
export interface KitHost {
  session(): Session | null
  currentProcess(): CurrentProcess
  startProcedure(method: string, args: readonly Storable[], options: { name?: string; unique?: boolean }): Promise<ProcedureHandle>
  progress(fraction: number, text: string): void
  sessionInfo(id: string): Promise<SessionInfo | null>
  sessionStorage(id: string): Promise<SharedStorage | null>
  /** Null: of all sessions. Answers null for a session that is none. */
  processActivity(sessionId: string | null, options: ActivityOptions): Promise<ProcessActivity | null>
  executeOnClient(name: string, method: string, args: readonly Storable[]): Promise<OrderHandle>
  registeredClients(): Promise<readonly RegisteredClient[]>
  sendMessage(target: MessageTarget, text: string): Promise<MessageReceipt>
  reloadProject(): Promise<void>
  /** Runs a server method from the client half. */
  callServer(method: string, args: readonly unknown[]): Promise<Storable>
  /** The client half's own surface; null on the server. */
  readonly remote: Remote | null
}

const place = Symbol.for('tessera.kit.host.1')
type Holder = { [place]?: KitHost }

/** Called once by the place that runs project code, before it loads any. */
export const installKitHost = (host: KitHost): void => {
  ;(globalThis as Holder)[place] = host
}

/** The host, or a clear error where project code is loaded outside Tessera. */
export const needKitHost = (): KitHost => {
  const host = (globalThis as Holder)[place]
  if (host === undefined) throw new Error('This code runs only inside Tessera: serve the project, or use `tessera run`.')
  return host
}

/** The host where there is one: `session()` is null elsewhere, as in any unsupported context (4d.md SES-05). */
export const findKitHost = (): KitHost | undefined => (globalThis as Holder)[place]
