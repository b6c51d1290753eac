import type { SessionId } from '../ids.ts'

/** Finds which clients are connected, as the gateways know it. The engine compares it with its own books (SPEC S26). */
export interface ConnectionIndex {
  add(sessionId: SessionId, connection: number): void
  /** Ignored unless it is the connection that was added last. */
  remove(sessionId: SessionId, connection: number): void
  find(sessionId: SessionId): number | undefined
  all(): IterableIterator<readonly [SessionId, number]>
}
