import type { SessionId } from '@tessera/core'
import type { IsolateHandle } from './isolate-handle.ts'
import type { Supervisor } from './supervisor.ts'
import { uptimeMs } from './uptime.ts'

export interface OwnIsolatesOptions {
  /** Keeps a few warm: a session takes one of these, and another is started in its place. */
  warm: Supervisor
  /** An isolate whose session calls nothing for so long, or up to twice as long, is ended. */
  idleMs: number
  /** How long calls of a session that is gone may go on. */
  lingerMs: number
  /** Ends the placement of a session whose isolate was idle. */
  leave: (sessionId: SessionId) => void
}

const lookEveryMs = 50

interface OwnIsolate {
  handle: IsolateHandle
  /** What it had run when the last round came by. */
  runsSeen: number
}

/**
 * Placement `per-session`: each session has an isolate of its own from its first call on, the stored procedures too. It ends
 * when the session ends, leaves the version, or calls nothing for long: variables and storage come back with the next call,
 * what code had left running in the background does not.
 */
export class OwnIsolates {
  readonly #options: OwnIsolatesOptions
  readonly #own = new Map<SessionId, OwnIsolate>()
  /** Of sessions that are gone, with calls that still run. */
  readonly #lingering = new Map<IsolateHandle, NodeJS.Timeout>()
  #handles: readonly IsolateHandle[] | null = null
  #warmHandles: readonly IsolateHandle[] = []
  #round: NodeJS.Timeout | null = null

  constructor(options: OwnIsolatesOptions) {
    this.#options = options
  }

  /** Those that wait for a session too. Built again only when one came or went: every storage change asks. */
  get handles(): readonly IsolateHandle[] {
    const warm = this.#options.warm.handles
    if (this.#handles === null || this.#warmHandles !== warm) {
      this.#warmHandles = warm
      this.#handles = [...warm, ...[...this.#own.values()].map(({ handle }) => handle), ...this.#lingering.keys()]
    }
    return this.#handles
  }

  /** Undefined while the version's isolates die as they start. */
  take(sessionId: SessionId): IsolateHandle | undefined {
    const known = this.#own.get(sessionId)
    if (known !== undefined) return known.handle
    const handle = this.#options.warm.give()
    if (handle === undefined) return undefined
    this.#own.set(sessionId, { handle, runsSeen: -1 })
    this.#handles = null
    this.#round ??= setInterval(() => this.#endIdle(), this.#options.idleMs).unref()
    return handle
  }

  /** The session ended or went elsewhere: its isolate ends once nothing runs there any more, or soon. */
  free(sessionId: SessionId): void {
    const own = this.#own.get(sessionId)
    if (own === undefined) return
    this.#own.delete(sessionId)
    this.#handles = null
    this.#endSoon(own.handle)
  }

  /** The isolate is gone. */
  forget(handle: IsolateHandle): void {
    clearInterval(this.#lingering.get(handle))
    this.#lingering.delete(handle)
    for (const [sessionId, own] of this.#own) if (own.handle === handle) this.#own.delete(sessionId)
    this.#handles = null
    if (this.#own.size === 0) this.#restRounds()
  }

  async stop(): Promise<void> {
    this.#restRounds()
    for (const look of this.#lingering.values()) clearInterval(look)
    const taken = [...[...this.#own.values()].map(({ handle }) => handle), ...this.#lingering.keys()]
    await Promise.all([this.#options.warm.stop(), ...taken.map((handle) => handle.stop())])
  }

  #endSoon(handle: IsolateHandle): void {
    const until = uptimeMs() + this.#options.lingerMs
    const look = setInterval(() => {
      if (handle.callsRunning > 0 && uptimeMs() < until) return
      clearInterval(look)
      void handle.stop()
    }, lookEveryMs)
    this.#lingering.set(handle, look)
  }

  #endIdle(): void {
    for (const [sessionId, own] of this.#own) {
      const { runsSent, callsRunning } = own.handle
      if (callsRunning === 0 && runsSent === own.runsSeen) this.#options.leave(sessionId)
      own.runsSeen = runsSent
    }
  }

  #restRounds(): void {
    if (this.#round !== null) clearInterval(this.#round)
    this.#round = null
  }
}
