import { type MovedTo, TesseraError } from '@tessera/protocol'
import type { Ports } from '../ports/index.ts'
import type { Version } from '../version/version.ts'
import type { Versions } from '../version/versions.ts'
import type { Connections } from './connections.ts'
import type { PendingReload, Session } from './session.ts'

interface Rooms {
  versions: Versions
  connections: Connections
}

type MovePorts = Pick<Ports, 'bus' | 'clock' | 'isolates'>

/** How a session goes from one version to another without its client losing anything (decision 1; SPEC V6, V7, V11, V14). */
export class SessionMoves {
  readonly #ports: MovePorts
  readonly #rooms: Rooms

  constructor(ports: MovePorts, rooms: Rooms) {
    this.#ports = ports
    this.#rooms = rooms
  }

  /** Notes what the client is asked to run. That version stays alive until the client is there, ends or is asked for another. */
  ask(session: Session, pending: PendingReload): void {
    const before = session.pendingReload
    session.pendingReload = pending
    this.#rooms.versions.pin(pending.version, session.id)
    if (before !== null) this.#release(session, before.version)
  }

  /**
   * The client is ready for the version it was told of. What runs is finished on the old one, then the session is pinned to
   * the new one: same id, storage, privileges, processes and their variables.
   * @throws TesseraError `VERSION_NOT_FOUND`, `NOT_ALLOWED`, `SESSION_ENDED`.
   */
  async move(session: Session, version: string): Promise<MovedTo> {
    while (session.moving !== null) await session.moving
    const to = this.#rooms.versions.needLive(version)
    checkOpen(session)
    if (session.version !== to) {
      this.#checkAsked(session, to)
      session.moving = this.#moveTo(session, to).finally(() => {
        session.moving = null
      })
      await session.moving
    }
    return { version: session.version.label, ticket: this.#rooms.connections.newTicket(session) }
  }

  #checkAsked(session: Session, to: Version): void {
    if (session.pendingReload?.version === to) return
    if (to !== this.#rooms.versions.current) throw new TesseraError('NOT_ALLOWED', `The session was not asked to run version ${to.id}.`)
    // Kept as if it had been asked: a client that is lost meanwhile is told of it when it comes back.
    this.ask(session, { version: to, deadlineAt: this.#ports.clock.now(), reason: '' })
  }

  async #moveTo(session: Session, to: Version): Promise<void> {
    const { bus, isolates } = this.#ports
    const from = session.version
    session.movingTo = to
    try {
      await session.whenIdle()
      checkOpen(session)
      session.version = to
      if (session.pendingReload?.version === to) session.pendingReload = null
      for (const process of session.processes.values()) process.version = to
      isolates.leaveVersion(session.id, from.digest)
      bus.emit({ name: 'session.moved', sessionId: session.id, from: from.id, to: to.id })
    } finally {
      session.movingTo = null
      this.#release(session, from)
      this.#release(session, to)
    }
  }

  /** Lets a version go unless the session runs on it, goes there or was asked to. */
  #release(session: Session, version: Version): void {
    const wanted = [session.version, session.movingTo, session.pendingReload?.version]
    if (!wanted.includes(version)) this.#rooms.versions.unpin(version, session.id)
  }
}

const checkOpen = ({ state }: Session): void => {
  if (state.name === 'closed' || state.name === 'draining') throw new TesseraError('SESSION_ENDED', 'The session is ending: it moves no more.')
}
