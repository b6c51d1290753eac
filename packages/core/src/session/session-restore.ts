import { isErrorCode } from '@tessera/protocol'
import { restoreOtps } from '../access/restore-otps.ts'
import type { WebKeys } from '../access/web-keys.ts'
import { asSessionId, asVersionId, type SessionId, type VersionId } from '../ids.ts'
import type { EngineOptions, Ports } from '../ports/index.ts'
import type { LogFields } from '../ports/logger.ts'
import type { Processes } from '../process/processes.ts'
import type { Versions } from '../version/versions.ts'
import { admitSession } from './admit-session.ts'
import type { Connections } from './connections.ts'
import type { IdleSweep } from './idle-sweep.ts'
import type { Orders } from './orders.ts'
import type { Procedures } from './procedures.ts'
import type { Session } from './session.ts'
import type { SessionEnd } from './session-end.ts'
import type { SessionKeeper } from './session-keeper.ts'
import { type ProcessPart, readParts, type SessionParts } from './session-parts.ts'
import type { Sessions } from './sessions.ts'

interface Rooms {
  sessions: Sessions
  keeper: SessionKeeper
  versions: Versions
  processes: Processes
  connections: Connections
  procedures: Procedures
  end: SessionEnd
  orders: Orders
  keys: WebKeys
  sweep: IdleSweep
}

interface KeptSession {
  id: SessionId
  parts: SessionParts
  /** All that was kept, by part. */
  texts: ReadonlyMap<string, string>
}

/** More problems of a start than this are not shown one by one. */
const mostProblems = 100

/**
 * Puts sessions back after a restart, however the server ended before (SPEC S22..S24): each waits for its client, those that
 * were ending end, and Close Connection that had begun is not begun again.
 */
export class SessionRestore {
  readonly #ports: Ports
  readonly #options: EngineOptions
  readonly #rooms: Rooms
  readonly #problems: string[] = []
  readonly #ending: { session: Session; code: string; reason: string }[] = []
  #kept: readonly KeptSession[] = []

  constructor(ports: Ports, options: EngineOptions, rooms: Rooms) {
    this.#ports = ports
    this.#options = options
    this.#rooms = rooms
  }

  /** What could not be put back, for people. */
  get problems(): readonly string[] {
    return this.#problems
  }

  /** Reads the journal. Answers the versions that its sessions run or were asked to run. @throws TesseraError of the journal. */
  async load(): Promise<ReadonlySet<VersionId>> {
    const { sessions, damage } = await this.#ports.journal.load()
    if (damage !== null) this.#note(`The session journal was damaged: ${damage.what}${damage.file === null ? '' : ` It was put aside as ${damage.file}.`}`)
    this.#kept = [...sessions].flatMap(([id, parts]) => this.#read(asSessionId(id), parts))
    // The stored procedures' session runs the current version, whichever that is.
    const pinned = this.#kept.filter(({ parts }) => parts.facts.kind !== 'storedProcedures')
    const versions = pinned.flatMap(({ parts: { version } }) => [version.id, ...(version.pendingReload === null ? [] : [version.pendingReload.version])])
    return new Set(versions.map(asVersionId))
  }

  /** Puts the sessions on the books, unreachable until their clients come back. */
  putBack(): void {
    for (const kept of this.#kept) this.#putBack(kept)
    this.#kept = []
  }

  /** Ends the sessions that were ending when the server went. */
  endTheEnded(): void {
    for (const { session, code, reason } of this.#ending.splice(0)) void this.#rooms.end.close(session, isErrorCode(code) ? code : 'SESSION_ENDED', reason)
  }

  /** A session that cannot be read stays in the journal: whoever can read it may put it back. */
  #read(id: SessionId, texts: ReadonlyMap<string, string>): KeptSession[] {
    try {
      const parts = readParts(texts)
      if (parts !== null) return [{ id, parts, texts }]
      // It never opened: its client was never told of it.
      this.#rooms.keeper.forget(id)
    } catch (error) {
      this.#note(`Session ${id} cannot be read and was left out: ${error instanceof Error ? error.message : String(error)}.`)
    }
    return []
  }

  #putBack({ id, parts, texts }: KeptSession): void {
    const session = this.#admit(id, parts)
    session.restore(parts)
    this.#rooms.orders.restore(session, parts)
    for (const [number, process] of parts.processes) this.#putBackProcess(session, number, process)
    session.main = parts.facts.main === null ? null : (session.processes.get(parts.facts.main) ?? null)
    this.#rooms.sessions.setResume(session, parts.resume)
    this.#putBackTokens(session, texts)
    if (session.kind === 'storedProcedures') this.#rooms.procedures.adopt(session)
    else if (parts.ended !== null) this.#ending.push({ session, ...parts.ended })
    else if (session.main === null) this.#ending.push({ session, code: 'SESSION_ENDED', reason: 'Its main process had ended.' })
    else this.#wait(session, parts)
  }

  #putBackTokens(session: Session, texts: ReadonlyMap<string, string>): void {
    try {
      restoreOtps(this.#rooms, session, texts)
    } catch (error) {
      this.#note(`One-time tokens of session ${session.id} cannot be read and are good no longer: ${String(error)}.`)
    }
  }

  #admit(id: SessionId, { facts, version: { id: versionId } }: SessionParts): Session {
    const known = this.#rooms.versions.findReopened(asVersionId(versionId))
    if (known === undefined && facts.kind !== 'storedProcedures')
      this.#note(`Session ${id} of ${facts.user.name} ran version ${versionId}, which is not there any more: it goes on with the current one.`)
    const owner = { ...facts, id, version: known ?? this.#rooms.versions.needCurrent() }
    return admitSession(this.#ports, this.#options, { rooms: this.#rooms, owner })
  }

  #putBackProcess(session: Session, number: number, part: ProcessPart): void {
    const process = this.#rooms.processes.restore(session, number, part)
    if (part.state === 'open') return
    this.#rooms.processes.forget(session, process)
    this.#rooms.keeper.keepClosed(session, process)
    this.#note(`Close Connection of process ${number} (${session.user.name}) was interrupted and is not repeated (CLOSE_INTERRUPTED).`, {
      session: session.id,
      process: number,
      name: part.name,
    })
    this.#ports.bus.emit({ name: 'process.closeInterrupted', sessionId: session.id, processId: process.id, number })
  }

  #wait(session: Session, { version: { pendingReload }, life }: SessionParts): void {
    const { bus } = this.#ports
    const asked = pendingReload && this.#rooms.versions.findReopened(asVersionId(pendingReload.version))
    if (pendingReload && asked) {
      session.pendingReload = { ...pendingReload, version: asked }
      this.#rooms.versions.pin(asked, session.id)
    }
    this.#rooms.connections.awaitClient(session, life)
    bus.emit({ name: 'session.restored', sessionId: session.id })
    for (const { id } of session.processes.values()) bus.emit({ name: 'process.restarted', sessionId: session.id, processId: id })
  }

  #note(problem: string, fields: LogFields = {}): void {
    this.#ports.logger.warn(problem, fields)
    if (this.#problems.length < mostProblems) this.#problems.push(problem)
  }
}
