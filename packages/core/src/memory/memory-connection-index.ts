import type { SessionId } from '../ids.ts'
import type { ConnectionIndex } from '../ports/connection-index.ts'

/** One connection for each session. */
export class MemoryConnectionIndex implements ConnectionIndex {
  readonly #connections = new Map<SessionId, number>()

  add(sessionId: SessionId, connection: number): void {
    this.#connections.set(sessionId, connection)
  }

  remove(sessionId: SessionId, connection: number): void {
    if (this.#connections.get(sessionId) === connection) this.#connections.delete(sessionId)
  }

  find(sessionId: SessionId): number | undefined {
    return this.#connections.get(sessionId)
  }

  all(): IterableIterator<readonly [SessionId, number]> {
    return this.#connections.entries()
  }
}
