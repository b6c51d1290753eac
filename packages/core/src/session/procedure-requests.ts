import { type ProgressSeen, type StorableText, TesseraError } from '@tessera/protocol'
import type { Directory } from '../access/directory.ts'
import type { Actor } from '../actor.ts'
import type { ProcessId, SessionId } from '../ids.ts'
import { checkPayload } from '../process/check-payload.ts'
import { needOpen } from '../process/client-calls.ts'
import type { Processes } from '../process/processes.ts'
import type { Version } from '../version/version.ts'
import type { Versions } from '../version/versions.ts'
import type { ProcedureRun, Starter } from './procedure-run.ts'
import type { ProcedureStart, Procedures } from './procedures.ts'
import type { Session } from './session.ts'
import type { Sessions } from './sessions.ts'

interface Rooms {
  procedures: Procedures
  sessions: Sessions
  processes: Processes
  versions: Versions
  directory: Directory
}

/** Who may ask what of stored procedures: clients of their own, project code and operators of all (SPEC P40, P41). */
export class ProcedureRequests {
  readonly #rooms: Rooms
  readonly #payloadBytes: number

  constructor(rooms: Rooms, payloadBytes: number) {
    this.#rooms = rooms
    this.#payloadBytes = payloadBytes
  }

  /**
   * Starts one on its starter's version (SPEC P13). The number has 4D's sign: negative for clients (4d.md PRC-11).
   * @throws TesseraError of `Procedures.start`; of a client's call where a client starts it.
   */
  async start(request: ProcedureStart, by: Actor, label: string): Promise<{ processId: ProcessId; number: number }> {
    checkPayload(request.args, this.#payloadBytes)
    const { procedures } = this.#rooms
    if (by.kind === 'client') {
      const version = await this.#permitted(by.sessionId, request.method)
      const { id, number } = procedures.start(request, version, { kind: 'client', session: by.sessionId, label }).process
      return { processId: id, number: -number }
    }
    const { version, starter } = this.#onServer(by, label)
    const { id, number } = procedures.start(request, version, starter).process
    return { processId: id, number }
  }

  result(id: ProcessId, by: Actor): Promise<StorableText> {
    this.#heard(id, by)
    return this.#rooms.procedures.result(id)
  }

  progress(id: ProcessId, after: number, by: Actor): Promise<ProgressSeen> {
    return this.#heard(id, by).feed.next(after)
  }

  /**
   * Clients and project code cancel what their session started; code of the stored-procedures session, and operators, any.
   * @throws TesseraError `PROCESS_NOT_FOUND`, `NOT_ALLOWED`; `ILLEGAL_STATE` where it has ended already.
   */
  cancel(id: ProcessId, reason: string, by: Actor): void {
    const run = this.#rooms.procedures.need(id)
    const own = 'sessionId' in by && (by.sessionId === run.starter.session || by.sessionId === this.#rooms.procedures.session.id)
    if ((by.kind === 'client' || by.kind === 'code') && !own) throw notAllowed()
    if (!run.running) throw new TesseraError('ILLEGAL_STATE', 'The stored procedure has ended already.')
    run.cancel(reason || 'The stored procedure was cancelled.', { forced: true })
  }

  #onServer(by: Actor, label: string): { version: Version; starter: Starter } {
    const process = by.kind === 'code' ? this.#rooms.processes.find(by.processId) : undefined
    const version = process?.version ?? this.#rooms.versions.needCurrent()
    return { version, starter: by.kind === 'code' ? { kind: 'code', session: by.sessionId, label } : { kind: 'operator', session: null, label } }
  }

  #heard(id: ProcessId, by: Actor): ProcedureRun {
    const run = this.#rooms.procedures.need(id)
    if (by.kind === 'client' && !run.isHeardBy(by.sessionId)) throw notAllowed()
    return run
  }

  /** The version on which the client may start the method: its session's, once that is where it is to stay (SPEC V7). */
  async #permitted(sessionId: SessionId, method: string): Promise<Version> {
    const session = needOpen(this.#rooms.sessions.need(sessionId))
    while (session.moving !== null) await session.moving
    const { version } = needOpen(session)
    await this.#permit(session, version, method)
    return needOpen(session).version === version && session.moving === null ? version : this.#permitted(sessionId, method)
  }

  /** @throws TesseraError `METHOD_NOT_FOUND`, `NOT_ALLOWED`: as where the client calls the method. */
  async #permit({ user }: Session, version: Version, method: string): Promise<void> {
    const facts = version.methods.get(method)
    if (facts?.onServer !== true)
      throw new TesseraError('METHOD_NOT_FOUND', `Version ${version.id} has no method "${method.slice(0, 100)}" that clients may start: it takes onServer.`)
    if (facts.groups.length > 0) await this.#rooms.directory.permit(user, facts)
  }
}

const notAllowed = (): TesseraError => new TesseraError('NOT_ALLOWED', 'This stored procedure was started by another session.')
