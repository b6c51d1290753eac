import type { Storable } from '@tessera/protocol/values'

/** Stops a subscription. Calling it twice does nothing more. */
export type Unsubscribe = () => void

/** The draft that a recipe changes: plain, mutable, and thrown away when the recipe throws. */
// biome-ignore lint/suspicious/noExplicitAny: project authors know the shapes of their own slots.
export type StorageDraft = Record<string, any>

/** The document that all processes of one session share (4d.md ST-20, ST-21, SES-29). */
export interface SharedStorage {
  /** One slot, from the local replica: immediate, deep-frozen, never waits (4d.md ST-02). */
  get(slot: string): Storable | undefined
  /** All slots, as one consistent picture. */
  all(): Readonly<Record<string, Storable>>
  /**
   * Changes the document. The recipe is pure and may run more than once: when somebody else changed a slot it touched
   * meanwhile, it runs again on the fresh document. Resolves when the change is acknowledged.
   * @throws TesseraError `NOT_STORABLE`, `STORAGE_KEY_INVALID`, `STORAGE_QUOTA_EXCEEDED`, `STORAGE_RECIPE_ASYNC`,
   * `STORAGE_USE_NESTED`, `STORAGE_CONTENTION`; nothing is changed then.
   */
  use(recipe: (draft: StorageDraft) => void): Promise<void>
  /** Calls the listener with the new value (undefined: removed) whenever the slot changes, whoever changed it. */
  watch(slot: string, listener: (value: Storable | undefined) => void): Unsubscribe
}

/** What `session().info()` computes at each call (4d.md SES-22). */
export interface SessionInfo {
  /** 4D's values (4d.md SES-01). */
  type: 'remote' | 'storedProcedure' | 'standalone' | 'rest' | 'web'
  userName: string
  machineName: string
  systemUserName: string
  IPAddress: string
  hostType: string
  /** ISO 8601. */
  creationDateTime: string
  state: 'active' | 'postponed' | 'sleeping' | 'unreachable' | 'draining'
  /** Seconds since the client stopped answering; only while it does not (4d.md SLP-10). */
  unreachableSince?: number
  ID: string
  persistentID: string
}

/** The three forms of `setPrivileges` (4d.md SES-33). A text may hold several names separated by commas. */
export type PrivilegesInput = string | readonly string[] | { privileges?: string | readonly string[]; roles?: string | readonly string[]; userName?: string }

/** A user's context on the server, shared by all of that client's processes (4d.md SES-08, SES-40). */
export interface Session {
  /** 32 upper-case hexadecimal digits; shown everywhere, useless as a credential. */
  readonly id: string
  readonly userName: string
  info(): SessionInfo
  readonly storage: SharedStorage
  /** Adds to what is held; undeclared names are ignored (4d.md SES-34, SES-36). True on success. */
  setPrivileges(privileges: PrivilegesInput): Promise<boolean>
  clearPrivileges(): Promise<boolean>
  /** Names held, inclusions expanded (4d.md SES-38). */
  getPrivileges(): string[]
  hasPrivilege(name: string): boolean
  /** False for every session that is not a web session (4d.md SES-41). */
  isGuest(): boolean
  /**
   * A token with which one browser, once, gets into this session (4d.md OTP-01..06). `lifespan` in seconds: 1..9 becomes 10,
   * 601..86400 becomes 600; without it 60, in a web session the idle timeout. '' in the stored-procedures session.
   * @throws TesseraError `OTP_LIFESPAN_INVALID`, `TOO_MANY_OTPS` with `retryAfterMs`, `SESSION_ENDED`.
   */
  createOTP(options?: { lifespan?: number }): Promise<string>
  /**
   * The browser of this web call goes to the token's session: true, and from then on `session()` is that one (4d.md SES-44).
   * False, and nothing changes, for a token that is no good and in every session that is not a web session.
   */
  restore(token: string): Promise<boolean>
  /**
   * Lends a privilege to the running web call until it ends (4d.md SES-42): an id for `demote`, or 0 where nothing was done,
   * because it is not declared, held already, or this is no web call. `hasPrivilege` counts it, `getPrivileges` does not.
   */
  promote(name: string): Promise<number>
  /** Takes back what `promote` lent under that id; an unknown id changes nothing (4d.md SES-43). */
  demote(id: number): Promise<void>
  /**
   * Minutes without use after which a web session ends; no other session has it. Below 60 it becomes 60 (4d.md SES-28). A
   * value that is no whole number, or more than a year, throws at the assignment. The call that assigned answers only when
   * the server has it, and fails where the server does not take it.
   */
  idleTimeout?: number
  /** Web sessions only: when it ends unless it is used. ISO 8601 with milliseconds. */
  readonly expirationDate?: string
}

/** Tells that the caller no longer wants the result. */
export interface CancelSignal {
  readonly aborted: boolean
  readonly reason: string | undefined
  onAbort(listener: () => void): Unsubscribe
}

/** The server-side counterpart of one client process, or a stored procedure's process (4d.md PRC-01). */
export interface CurrentProcess {
  readonly id: string
  readonly number: number
  readonly name: string
  /** Values that later calls of this process find again. Only storable values; they follow the session to another isolate. */
  readonly variables: Map<string, Storable>
  readonly signal: CancelSignal
}
