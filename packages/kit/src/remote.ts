import type { Storable } from '@tessera/protocol/values'
import type { Unsubscribe } from './session.ts'

export interface RemoteEvents {
  message: { text: string; at: string }
  reload: { version: string; deadlineAt: string; reason: string }
  closing: { code: string; reason: string }
  /** Connected again. `restarted`: the server was restarted meanwhile, and the variables of the processes are gone. */
  resumed: { restarted: boolean }
}

/** The signal of an `AbortController`, as far as it is used here. */
export interface AbortSignalLike {
  readonly aborted: boolean
  readonly reason: unknown
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** What may be asked of one call. */
export interface CallOptions {
  /** Aborted, the call ends as `CALL_CANCELLED`: one that was not sent is dropped, one that runs has its own signal aborted. */
  signal?: AbortSignalLike
  /** 1 ms to 24 hours from when the server has the call; after that it ends as `DEADLINE_EXCEEDED`. It never lengthens what the method was given. */
  deadlineMs?: number
  /**
   * 1 to 200 characters that no other call of the session has. Such a call runs once, and is asked again after a lost connection
   * in place of ending as `CALL_INTERRUPTED`.
   */
  key?: string
}

/** One more process of this client, with a twin of its own on the server (4d.md PRC-01, PRC-08). */
export interface RemoteProcess {
  readonly number: number
  call(method: string, ...args: readonly unknown[]): Promise<Storable>
  callWith(options: CallOptions, method: string, ...args: readonly unknown[]): Promise<Storable>
  close(): Promise<void>
}

/** What the client half has besides its own code. */
export interface Remote {
  readonly sessionId: string
  readonly version: string
  /** The text given to `tessera connect --user-param`; '' without. */
  readonly userParam: string
  readonly server: {
    call(method: string, ...args: readonly unknown[]): Promise<Storable>
    callWith(options: CallOptions, method: string, ...args: readonly unknown[]): Promise<Storable>
  }
  /** Opens one more process: Open Connection runs for it, and may refuse it (4d.md DBM-11, DBM-14). */
  process(name: string): Promise<RemoteProcess>
  /**
   * From now on server code can have methods of this client half run here, under that name, which other clients may have too
   * (4d.md PRC-30). Running alone it does nothing (4d.md PRC-36).
   * @throws TesseraError `CLIENT_NAME_INVALID`; `ALREADY_EXISTS` where this client is registered already.
   */
  register(name: string): Promise<void>
  /** What was sent here and has not begun is dropped. */
  unregister(): Promise<void>
  on<Name extends keyof RemoteEvents>(event: Name, listener: (value: RemoteEvents[Name]) => void): Unsubscribe
  /** Runs before this client half is replaced by another version's; what it returns is handed to `afterReload`. */
  beforeReload(fn: () => Storable | Promise<Storable>): void
  /** Runs in the new version's client half with what the old one handed over. */
  afterReload(fn: (handedOver: Storable) => void | Promise<void>): void
  /** Ends this client: `onExit` runs, the session closes. */
  quit(): Promise<void>
}
