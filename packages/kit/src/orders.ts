import type { RegisteredClientRow } from '@tessera/protocol'
import type { Storable, TesseraError } from '@tessera/protocol/values'

/** A client, and how far it is with an order. */
export type OrderState =
  /** `queued`: the server has it. `received`: the client has it and runs it. */
  { sessionId: string; clientName: string; state: 'queued' | 'received' } | OrderResult

/** What became of an order with one client. */
export type OrderResult =
  | { sessionId: string; clientName: string; state: 'done'; value: Storable }
  /**
   * `error.code`: that of the method's own error, `METHOD_NOT_FOUND`, `RESULT_TOO_LARGE`; where the client never answers
   * `CALL_INTERRUPTED` (it may have run), `SESSION_ENDED` or `CALL_CANCELLED` (it did not run), `TOO_MANY_CALLS`.
   */
  | { sessionId: string; clientName: string; state: 'failed'; error: TesseraError }

/** A method that was sent to clients. */
export interface OrderHandle {
  readonly id: string
  /** The clients that it was sent to. */
  readonly recipients: readonly { sessionId: string; clientName: string }[]
  /** How far each of them is now. */
  state(): Promise<readonly OrderState[]>
  /** Resolves when each of them has answered, or will not. */
  readonly results: Promise<readonly OrderResult[]>
  /** Takes it back from those that have not been told of it. Answers from how many. */
  cancel(): Promise<number>
}

/** A client to which methods can be sent (4d.md PRC-34). */
export type RegisteredClient = RegisteredClientRow

/** A session by its id, several, the clients of a name (`@` stands for any text), or all. */
export type MessageTarget = string | readonly string[] | { client: string } | { all: true }

export interface MessageRecipient {
  sessionId: string
  userName: string
  /** `waiting`: its client is away, or has not answered yet. */
  state: 'waiting' | 'received' | 'failed'
  /** Of one that failed: it could not be told, or its session ended first. */
  error: TesseraError | null
}

/** A message that was sent. */
export interface MessageReceipt {
  readonly recipients: readonly MessageRecipient[]
  /** Who has received it now. */
  state(): Promise<readonly MessageRecipient[]>
  /** Resolves when each client has received it, or will not. */
  readonly received: Promise<readonly MessageRecipient[]>
}
