import { type MovedTo, TesseraError } from '@tessera/protocol'
import type { Ports } from '../ports/index.ts'
import type { Version } from '../version/version.ts'
import type { Versions } from '../version/versions.ts'
import type { Connections } from './connections.ts'
import type { PendingReload, Session } from './session.ts'
import type { SessionKeeper } from './session-keeper.ts'

interface Rooms {
  keeper: SessionKeeper
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
  async ask(session: Session, pending: PendingReload): Promise<void> {
    // Alive while it is being noted, whatever else happens to it.
    const { versions } = this.#rooms
    const release = versions.hold(pending.version)
    try {
      await session.changes.run(async () => {
        checkOpen(session)
        await this.#rooms.keeper.keepVersion(session, { pendingReload: pending })
        checkOpen(session)
        const before = session.pendingReload
        session.pendingReload = pending
        this.#rooms.versions.pin(pending.version, session.id)
        if (before !== null) this.#release(session, before.version)
      })
    } finally {
      release()
    }
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
      const moving = this.#moveTo(session, to).finally(() => {
        session.moving = null
      })
      // Who waits for the move only waits: that it failed is for whoever asked for it.
      session.moving = moving.catch(() => undefined)
      await moving
    }
    return { version: session.version.label, ticket: this.#rooms.connections.newTicket(session) }
  }

  async #checkAsked(session: Session, to: Version): Promise<void> {
    if (session.pendingReload?.version === to) return
    if (to !== this.#rooms.versions.current) throw new TesseraError('NOT_ALLOWED', `The session was not asked to run version ${to.id}.`)
    // Kept as if it had been asked: a client that is lost meanwhile is told of it when it comes back.
    await this.ask(session, { version: to, deadlineAt: this.#ports.clock.now(), reason: '' })
  }

  async #moveTo(session: Session, to: Version): Promise<void> {
    const from = session.version
    session.movingTo = to
    try {
      await this.#checkAsked(session, to)
      await session.whenIdle()
      await this.#change(session, to)
    } finally {
      session.movingTo = null
      this.#release(session, from)
      this.#release(session, to)
    }
  }

  async #change(session: Session, to: Version): Promise<void> {
    checkOpen(session)
    const kept = await this.#keep(session, to)
    // A process may have begun to close meanwhile: its Close Connection is of the version that it ran. Not inside
    // `session.changes`: what runs there may wait for a change of its own.
    await session.whenIdle()
    checkOpen(session)
    const { bus, isolates } = this.#ports
    const from = session.version
    session.version = to
    session.pendingReload = reloadAfter(session, to)
    for (const process of session.processes.values()) process.version = to
    isolates.leaveVersion(session.id, from.digest)
    bus.emit({ name: 'session.moved', sessionId: session.id, from: from.id, to: to.id })
    // Asked for another one meanwhile: what was kept then did not know of this move.
    if (session.pendingReload !== kept) await this.#keep(session, to)
  }

  /** Answers the reload that was kept with the version. */
  #keep(session: Session, to: Version): Promise<PendingReload | null> {
    return session.changes.run(async () => {
      const pendingReload = reloadAfter(session, to)
      await this.#rooms.keeper.keepVersion(session, { version: to, pendingReload })
      return pendingReload
    })
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

/** What the session is still asked to run once it runs that version. */
const reloadAfter = ({ pendingReload }: Session, version: Version): PendingReload | null => (pendingReload?.version === version ? null : pendingReload)
