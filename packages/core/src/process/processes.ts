import { decodeStorable, encodeStorable, type ProcessKind, type StorableText, TesseraError } from '@tessera/protocol'
import { asProcessId, type ProcessId } from '../ids.ts'
import type { Ports } from '../ports/index.ts'
import type { Session } from '../session/session.ts'
import type { SessionKeeper } from '../session/session-keeper.ts'
import type { ProcessPart } from '../session/session-parts.ts'
import type { Version } from '../version/version.ts'
import { connectionRefused } from './connection-refused.ts'
import type { Executor } from './executor.ts'
import { Process } from './process.ts'

type ProcessPorts = Pick<Ports, 'bus' | 'clock' | 'ids' | 'isolates' | 'logger'>

const mostProcesses = 1000

interface Rooms {
  executor: Executor
  keeper: SessionKeeper
}

/** Opens and closes processes, with Open and Close Connection around each client process (4d.md DBM-05, 06, 11, 20). */
export class Processes {
  readonly #ports: ProcessPorts
  readonly #rooms: Rooms
  readonly #byId = new Map<ProcessId, Process>()
  #lastNumber = 0

  constructor(ports: ProcessPorts, rooms: Rooms) {
    this.#ports = ports
    this.#rooms = rooms
  }

  create(session: Session, { kind, name, version }: { kind: ProcessKind; name: string; version: Version }): Process {
    this.#lastNumber += 1
    return this.#add(session, { id: asProcessId(this.#ports.ids.id()), number: this.#lastNumber, kind, name, version })
  }

  /** Puts a process back after a restart; its variables are gone (SPEC S23). */
  restore(session: Session, number: number, { id, name }: ProcessPart): Process {
    this.#lastNumber = Math.max(this.#lastNumber, number)
    const process = this.#add(session, { id: asProcessId(id), number, kind: 'twin', name, version: session.version })
    process.kept = true
    return process
  }

  /**
   * Opens a client process's twin: Open Connection runs in it, and any answer but 0 refuses it (4d.md DBM-14). Whoever opens
   * it also announces it.
   * @throws ConnectionRefused `OPEN_CONNECTION_REFUSED` with what the method returned; TesseraError when it failed, or when
   * the process was closed meanwhile.
   */
  async open(session: Session, name: string): Promise<Process> {
    if (name.startsWith('$')) throw new TesseraError('PROCESS_NAME_INVALID', 'The name of a process that the server knows cannot start with $.')
    if (session.processes.size >= mostProcesses) throw new TesseraError('ILLEGAL_STATE', `A session has at most ${mostProcesses} processes.`)
    const process = this.create(session, { kind: 'twin', name, version: session.version })
    const opening = this.#open(session, process)
    process.opening = opening.catch(() => undefined)
    await opening
    return process
  }

  announce({ sessionId, id }: Process): void {
    this.#ports.bus.emit({ name: 'process.opened', sessionId, processId: id })
  }

  /** The session ends: nothing begins in its processes any more, and what runs is cancelled. */
  halt(session: Session, reason: string): void {
    for (const process of session.processes.values()) {
      shut(process)
      this.#rooms.executor.cancel(process, reason)
    }
  }

  /** Closes a process: what runs there is cancelled, then Close Connection runs, exactly once (SPEC P5). */
  close(session: Session, process: Process, reason: string): Promise<void> {
    process.closing ??= this.#close(session, process, reason)
    return process.closing
  }

  forget(session: Session, process: Process): void {
    shut(process)
    session.processes.delete(process.number)
    this.#byId.delete(process.id)
    this.#ports.isolates.closeProcess(session.id, process.id)
  }

  find(id: ProcessId): Process | undefined {
    return this.#byId.get(id)
  }

  #add(session: Session, facts: Pick<Process, 'id' | 'number' | 'kind' | 'name' | 'version'>): Process {
    const process = new Process({ ...facts, sessionId: session.id, at: this.#ports.clock.now() })
    session.processes.set(process.number, process)
    this.#byId.set(process.id, process)
    return process
  }

  async #open(session: Session, process: Process): Promise<void> {
    try {
      const answer = await this.#rooms.executor.database(session, process, { name: 'onServerOpenConnection', args: this.#connectionArgs(session, process) })
      const refused = answer === null ? null : connectionRefused(decodeStorable(answer))
      if (refused !== null) throw refused
    } catch (error) {
      this.forget(session, process)
      throw error
    }
    // The main process is kept with its session, all in one piece.
    if (session.state.name !== 'opening' && !process.closed) await this.#keep(session, process)
    if (process.closed) throw new TesseraError('SESSION_ENDED', 'The process was closed while it opened.')
  }

  /** One that cannot be kept closes again: Open Connection had accepted it. */
  async #keep(session: Session, process: Process): Promise<void> {
    try {
      await this.#rooms.keeper.keepProcess(session, process)
      process.kept = true
    } catch (error) {
      shut(process)
      await this.#closeConnection(session, process)
      this.forget(session, process)
      throw error
    }
  }

  async #close(session: Session, process: Process, reason: string): Promise<void> {
    shut(process)
    this.#rooms.executor.cancel(process, reason)
    await process.opening
    // One that Open Connection refused is gone by now.
    if (!session.processes.has(process.number)) return
    // Only processes of remote clients have Open and Close Connection, not those of their browsers (4d.md DBM-10).
    if (session.kind === 'remote' && process.kind === 'twin') await this.#closeConnection(session, process)
    this.forget(session, process)
    if (process.kept) this.#rooms.keeper.keepClosed(session, process)
    this.#ports.bus.emit({ name: 'process.closed', sessionId: session.id, processId: process.id })
  }

  async #closeConnection(session: Session, process: Process): Promise<void> {
    if (process.kept) await this.#rooms.keeper.keepClosing(session, process)
    // A process of its own carries the method out: the twin's queue may hold calls that will never start.
    const { id, number, kind, name, sessionId, version } = process
    const last = new Process({ id, number, kind, name, sessionId, version, at: this.#ports.clock.now() })
    process.farewell = last
    try {
      await this.#rooms.executor.database(session, last, { name: 'onServerCloseConnection', args: this.#connectionArgs(session, process) })
    } catch (error) {
      this.#ports.logger.warn('onServerCloseConnection failed', { session: session.id, process: process.number, error: String(error) })
    }
  }

  #connectionArgs(session: Session, process: Process): StorableText {
    return encodeStorable([session.user.id, process.number, 0])
  }
}

/** It takes no calls any more; those that wait in it, paused or not, are refused as their turn comes. */
const shut = (process: Process): void => {
  process.closed = true
  process.activate()
}
