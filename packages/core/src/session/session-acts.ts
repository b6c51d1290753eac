import { type ActResult, type MovedTo, TesseraError, toErrorBody } from '@tessera/protocol'
import type { Targets } from '../commands.ts'
import type { Ports } from '../ports/index.ts'
import type { Version } from '../version/version.ts'
import type { Versions } from '../version/versions.ts'
import type { Connections } from './connections.ts'
import type { Session } from './session.ts'
import type { SessionEnd } from './session-end.ts'
import { matchSessions } from './session-query.ts'
import type { Sessions } from './sessions.ts'

interface Rooms {
  sessions: Sessions
  versions: Versions
  connections: Connections
  end: SessionEnd
}

/** A client is not asked to move later than a day from now. */
const mostReloadGraceSeconds = 86_400

/** What operators do to sessions: one, several, or all that match (4d.md ADM-12, ADM-16). */
export class SessionActs {
  readonly #ports: Ports
  readonly #rooms: Rooms

  constructor(ports: Ports, rooms: Rooms) {
    this.#ports = ports
    this.#rooms = rooms
  }

  /** 4D's Drop: the reason is sent, running calls are aborted, Close Connection runs, resume is refused. */
  disconnect(targets: Targets, reason: string, dryRun: boolean): Promise<ActResult> {
    return this.#each(targets, dryRun, (session) => this.#rooms.end.close(session, 'SESSION_ENDED', reason))
  }

  /** Takes no new calls, lets the running ones finish within the grace, then disconnects. */
  end(targets: Targets, reason: string, graceSeconds: number, dryRun: boolean): Promise<ActResult> {
    return this.#each(targets, dryRun, async (session) => {
      session.move({ name: 'draining', since: this.#ports.clock.now() })
      session.cancelTimer?.()
      this.#ports.bus.emit({ name: 'session.draining', sessionId: session.id })
      await this.#untilIdle(session, graceSeconds * 1000)
      await this.#rooms.end.close(session, 'SESSION_ENDED', reason)
    })
  }

  message(targets: Targets, text: string, dryRun: boolean): Promise<ActResult> {
    return this.#each(targets, dryRun, (session) => {
      this.#ports.bus.emit({ name: 'session.messaged', sessionId: session.id, text, at: this.#ports.clock.now() })
    })
  }

  /** Asks each client to run another version, at the deadline at the latest; the session itself stays (SPEC V6). */
  reload(targets: Targets, version: string | null, reason: string, graceSeconds: number, dryRun: boolean): Promise<ActResult> {
    const to = version === null ? this.#rooms.versions.needCurrent() : this.#rooms.versions.needLive(version)
    const graceMs = Math.min(Math.max(graceSeconds, 0), mostReloadGraceSeconds) * 1000
    return this.#each(targets, dryRun, (session) => {
      if (session.version === to) throw new TesseraError('ILLEGAL_STATE', `The session runs version ${to.id} already.`)
      const deadlineAt = this.#ports.clock.now() + graceMs
      session.pendingReload = { version: to, deadlineAt, reason }
      this.#ports.bus.emit({ name: 'session.reloadRequested', sessionId: session.id, version: to.label, deadlineAt, graceMs, reason })
    })
  }

  /**
   * The client is ready for the version it was told of. What runs is finished on the old one, then the session is pinned to
   * the new one: same id, storage, privileges, processes and their variables (SPEC V6).
   */
  async move(session: Session, version: string): Promise<MovedTo> {
    const to = this.#rooms.versions.needLive(version)
    if (session.pendingReload?.version !== to && to !== this.#rooms.versions.current) {
      throw new TesseraError('NOT_ALLOWED', `The session was not asked to run version ${to.id}.`)
    }
    if (session.moving !== null) await session.moving
    if (session.version !== to) {
      session.moving = this.#moveTo(session, to).finally(() => {
        session.moving = null
      })
      await session.moving
    }
    return { version: session.version.label, ticket: this.#rooms.connections.newTicket(session) }
  }

  async #moveTo(session: Session, to: Version): Promise<void> {
    // Pinned at both ends meanwhile: neither version may retire under a session that is between them.
    this.#rooms.versions.pin(to, session.id)
    session.pendingReload = null
    await session.whenIdle()
    if (session.state.name === 'closed') {
      this.#rooms.versions.unpin(to, session.id)
      throw new TesseraError('SESSION_ENDED', 'The session ended while it was being moved.')
    }
    const from = session.version
    session.version = to
    for (const process of session.processes.values()) process.version = to
    session.refreshPrivileges()
    this.#ports.isolates.leaveVersion(session.id, from.digest)
    this.#rooms.versions.unpin(from, session.id)
    this.#ports.bus.emit({ name: 'session.moved', sessionId: session.id, from: from.id, to: to.id })
  }

  #untilIdle(session: Session, graceMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#ports.clock.after(graceMs, resolve)
      void session.whenIdle().then(() => {
        cancel()
        resolve()
      })
    })
  }

  async #each(targets: Targets, dryRun: boolean, act: (session: Session) => void | Promise<void>): Promise<ActResult> {
    const meant =
      'ids' in targets
        ? targets.ids
        : matchSessions(this.#rooms, targets.match)
            .filter(({ kind }) => kind === 'remote')
            .map(({ id }) => id)
    const results = await Promise.all(
      meant.map(async (id) => {
        try {
          const session = this.#needRemote(id)
          if (!dryRun) await act(session)
          return { id, ok: true }
        } catch (error) {
          const { code, message } = toErrorBody(error)
          return { id, ok: false, error: { code, message } }
        }
      }),
    )
    return { results, job: null }
  }

  #needRemote(id: string): Session {
    const session = this.#rooms.sessions.need(id)
    if (session.kind !== 'remote') throw new TesseraError('NOT_ALLOWED', `A ${session.kind} session has no client to act on.`)
    return session
  }
}
