import type { CallOptions, Unsubscribe } from '@tessera/kit'
import type { CatalogRow, MovedTo, ProcedureHandle, ProcedureProgress, Storable } from '@tessera/protocol'
import type { OrderHandler } from './orders.ts'

/** A version of the project, as sessions are pinned to it. */
export interface Version {
  id: string
  digest: string
}

export interface RemoteEvents {
  /** The administrator has something to say. What was said while this client was away is told once it is back, in order. */
  message: { text: string; at: string }
  /** The session is wanted on another version; it goes there at the deadline unless the owner took over with `holdReload`. */
  reload: { version: Version; deadlineAt: string; graceMs: number; reason: string }
  /** The session runs another version from now on. */
  moved: { version: Version }
  /** The session is over, and not because this side closed it. Nothing comes after this. */
  closed: { code: string; reason: string }
  /** The connection was lost and is being opened again, for at most `graceMs`. */
  reconnecting: { graceMs: number }
  /** The session goes on. `restarted`: the server was restarted meanwhile, and the variables of the processes are gone. */
  resumed: { version: Version; restarted: boolean }
  /** The idle connection was given up as the server asked (`mayPostpone`); the next request opens it again, without 'resumed'. */
  postponed: Record<string, never>
}

/** One more process of this client, with a twin of its own on the server. */
export interface RemoteProcess {
  readonly number: number
  call(method: string, ...args: readonly unknown[]): Promise<unknown>
  callWith(options: CallOptions, method: string, ...args: readonly unknown[]): Promise<unknown>
  close(): Promise<void>
}

/** Stored procedures of this session's own: what other sessions started is none of its business. */
export interface RemoteProcedures {
  /**
   * Starts a method that this client may call in a process of its own on the server, on this session's version (4d.md PRC-11).
   * Its number is negative. It goes on when this session ends.
   * @throws TesseraError `METHOD_NOT_FOUND`, `NOT_ALLOWED`, `PROCESS_NAME_INVALID`, `TOO_MANY_CALLS`, `PAYLOAD_TOO_LARGE`,
   * `NOT_STORABLE`; `CALL_INTERRUPTED` where the answer was lost with the connection.
   */
  start(method: string, args?: readonly unknown[], options?: { name?: string; unique?: boolean }): Promise<ProcedureHandle>
  /** What one came to, by its id; asked again where the connection is lost meanwhile. @throws as `ProcedureHandle.result`. */
  result(id: string): Promise<Storable>
  /** False where it had ended already. */
  cancel(id: string, reason?: string): Promise<boolean>
  /** Tells how far one is, from now to its end; resolves then. */
  follow(id: string, heard: (progress: ProcedureProgress) => void): Promise<void>
}

/** A session on a server. It reconnects and resumes by itself for as long as the server keeps the session. */
export interface Remote {
  readonly sessionId: string
  readonly version: Version
  readonly userName: string
  /** Takes this session up again from another process: `connect({ resume })`. It is a secret, and changes at each resume. */
  readonly resumeToken: string
  /** Opens `/package/*` on the server; changes at each resume and move. */
  readonly ticket: string
  /**
   * Runs a server method in the main process. While the server is away it waits. At most 10,000 calls are unanswered at once.
   * @throws MethodError what the method threw; TesseraError `CALL_INTERRUPTED` where the answer was lost with the
   * connection (it may have run), `PAYLOAD_TOO_LARGE`, `NOT_STORABLE`, `SESSION_ENDED`,
   * `TOO_MANY_CALLS` and the server's other codes.
   */
  call(method: string, ...args: readonly unknown[]): Promise<unknown>
  /**
   * The same with a signal, a deadline or an idempotency key. @throws also TesseraError `CALL_CANCELLED`, `DEADLINE_EXCEEDED`,
   * `DEADLINE_INVALID`, `BAD_REQUEST` for a key that is none, `IDEMPOTENCY_KEY_REUSED`.
   */
  callWith(options: CallOptions, method: string, ...args: readonly unknown[]): Promise<unknown>
  /** Opens one more process: Open Connection runs for it and may refuse it with `OPEN_CONNECTION_REFUSED`. */
  process(name: string): Promise<RemoteProcess>
  readonly storedProcedures: RemoteProcedures
  on<Name extends keyof RemoteEvents>(event: Name, listener: (value: RemoteEvents[Name]) => void): Unsubscribe
  /**
   * From now on methods can be sent to this client under that name, which others may have too (4d.md PRC-30). The session
   * keeps it through lost connections and restarts of the server, until it ends.
   * @throws TesseraError `CLIENT_NAME_INVALID`; `ALREADY_EXISTS` where it is registered already.
   */
  register(name: string): Promise<void>
  /** What was sent and not told to this client yet is dropped. Not registered, nothing happens. */
  unregister(): Promise<void>
  /**
   * Who runs the methods that are sent to this client, one after another: what it returns or throws goes back. Until there is
   * one, each is answered with `METHOD_NOT_FOUND`. Said right after `connect`, it is in time for all of them.
   */
  serveOrders(handler: OrderHandler): void
  /** From now on a reload waits for `move`: the SDK no longer says it at the deadline. */
  holdReload(): void
  /** Takes the session to the version that a reload notice named. */
  move(version: string): Promise<MovedTo>
  /** The structure, as this session's version of it stands on the server. */
  catalog(): Promise<CatalogRow>
  /**
   * Tells the server that this machine or program goes to sleep, and gives the connection up: the session is kept for much
   * longer than that of a client that is lost. What was not answered yet ends as `CALL_INTERRUPTED`. The next request, a
   * reload's deadline or `wake` connects again.
   */
  sleep(): Promise<void>
  /** Resolves once connected, also where it was asleep, postponed or reconnecting. @throws TesseraError `SESSION_ENDED`. */
  wake(): Promise<void>
  /** Says goodbye: the session ends on the server. */
  close(): Promise<void>
}
