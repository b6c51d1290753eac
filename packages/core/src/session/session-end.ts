import type { ErrorCode } from '@tessera/protocol'
import type { Ports } from '../ports/index.ts'
import type { Processes } from '../process/processes.ts'
import type { Versions } from '../version/versions.ts'
import type { Orders } from './orders.ts'
import type { Receipts } from './receipts.ts'
import type { Session } from './session.ts'
import type { SessionKeeper } from './session-keeper.ts'
import type { EndedPart } from './session-parts.ts'
import type { Sessions } from './sessions.ts'

type EndPorts = Pick<Ports, 'bus' | 'clock' | 'isolates' | 'logger'>

interface Rooms {
  sessions: Sessions
  keeper: SessionKeeper
  versions: Versions
  processes: Processes
  orders: Orders
  receipts: Receipts
}

/** How a session ends: once, with Close Connection in each of its processes (4d.md DBM-20, SES-54). */
export class SessionEnd {
  readonly #ports: EndPorts
  readonly #rooms: Rooms
  readonly #closing = new Map<Session, Promise<void>>()

  constructor(ports: EndPorts, rooms: Rooms) {
    this.#ports = ports
    this.#rooms = rooms
  }

  /** Ends the session. From the first moment on no call starts in it and nobody resumes it. Called twice, it ends once. */
  close(session: Session, code: ErrorCode, reason: string): Promise<void> {
    const under = this.#closing.get(session)
    if (under !== undefined) return under
    if (session.state.name === 'closed') return Promise.resolve()
    const closing = this.#close(session, code, reason).finally(() => this.#closing.delete(session))
    this.#closing.set(session, closing)
    return closing
  }

  async #close(session: Session, code: ErrorCode, reason: string): Promise<void> {
    session.move({ name: 'closed', code, reason, at: this.#ports.clock.now() }, this.#ports.clock.now())
    session.cancelTimer?.()
    session.cancelTimer = null
    this.#rooms.sessions.setTicket(session, null)
    this.#rooms.processes.halt(session, reason)
    session.ending = this.#keepEnded(session, { code, reason })
    await session.ending
    this.#rooms.sessions.endResume(session, reason)
    // Told before Close Connection runs: the client must not wait for the project's own farewell.
    this.#ports.bus.emit({ name: 'session.closed', sessionId: session.id, code, reason })
    this.#rooms.orders.sessionEnded(session, reason)
    this.#rooms.receipts.sessionEnded(session, reason)
    const closed = await Promise.allSettled([...session.processes.values()].map((process) => this.#rooms.processes.close(session, process, reason)))
    this.#forget(session, closed)
  }

  /** Nobody is told before a restart would know: a session that was told closed never comes back (SPEC S24). */
  async #keepEnded(session: Session, ended: EndedPart): Promise<void> {
    try {
      await this.#rooms.keeper.keepEnded(session, ended)
    } catch (error) {
      this.#ports.logger.error('A session ended with the server, and a restart will not know', { session: session.id, detail: String(error) })
    }
  }

  /** Where a process could not close, the journal keeps the session: the next start ends it. */
  #forget(session: Session, closed: readonly PromiseSettledResult<void>[]): void {
    const failed = closed.find((one) => one.status === 'rejected')
    if (failed === undefined) this.#rooms.keeper.forget(session.id)
    else this.#ports.logger.error('A session could not be ended whole', { session: session.id, detail: String(failed.reason) })
    session.turns.close()
    this.#rooms.sessions.remove(session)
    this.#ports.isolates.closeSession(session.id)
    this.#rooms.versions.unpin(session.version, session.id)
    if (session.pendingReload !== null) this.#rooms.versions.unpin(session.pendingReload.version, session.id)
  }
}
