import { fromErrorBody, type StorableText, TesseraError } from '@tessera/protocol'
import { asSessionId, type ProcessId } from '../ids.ts'
import type { EngineOptions, Ports } from '../ports/index.ts'
import type { RunOutcome } from '../ports/isolate-host.ts'
import type { Executor } from '../process/executor.ts'
import type { Process } from '../process/process.ts'
import type { Processes } from '../process/processes.ts'
import { StorageDocument } from '../storage/storage-document.ts'
import { Turns } from '../storage/turns.ts'
import type { Version } from '../version/version.ts'
import type { Versions } from '../version/versions.ts'
import { Session } from './session.ts'
import type { Sessions } from './sessions.ts'

interface Rooms {
  sessions: Sessions
  versions: Versions
  processes: Processes
  executor: Executor
}

/** Ended procedures stay to be looked at; the oldest go first. */
const endedKept = 50

/** The one stored-procedures session and what runs in it (4d.md SES-09, PRC-11..20). */
export class Procedures {
  readonly #ports: Ports
  readonly #options: EngineOptions
  readonly #rooms: Rooms
  readonly #running = new Map<ProcessId, Promise<RunOutcome>>()
  readonly #ended: Process[] = []
  #session: Session | null = null

  constructor(ports: Ports, options: EngineOptions, rooms: Rooms) {
    this.#ports = ports
    this.#options = options
    this.#rooms = rooms
  }

  /** Makes the session, with the server (4d.md SES-09). It is virtual: no client, no licence. */
  open(version: Version): Session {
    const session = new Session({
      id: asSessionId(this.#ports.ids.id()),
      kind: 'storedProcedures',
      user: { id: 1, name: 'Designer' },
      machineName: this.#options.machineName,
      systemUserName: '',
      hostType: '',
      address: 'localhost',
      version,
      storage: new StorageDocument(this.#options.storageQuotaBytes),
      turns: new Turns(this.#ports.clock),
      at: this.#ports.clock.now(),
    })
    session.move({ name: 'active', connection: 0 })
    this.#rooms.versions.pin(version, session.id)
    this.#rooms.sessions.add(session)
    this.#session = session
    return session
  }

  get exists(): boolean {
    return this.#session !== null
  }

  /** @throws TesseraError `SERVER_STARTING`. */
  get session(): Session {
    if (this.#session === null) throw new TesseraError('SERVER_STARTING', 'The stored-procedures session does not exist yet.')
    return this.#session
  }

  /** The session follows the current version; procedures that run stay on theirs. */
  follow(version: Version): void {
    const session = this.session
    const from = session.version
    if (from === version) return
    this.#rooms.versions.pin(version, session.id)
    session.version = version
    session.refreshPrivileges()
    this.#rooms.versions.unpin(from, session.id)
  }

  /**
   * Starts a method in a process of its own. `unique`: a running process of that name is answered instead (4d.md PRC-12).
   * @throws TesseraError `METHOD_NOT_FOUND`, `PROCESS_NAME_INVALID` (4d.md PRC-14).
   */
  start(request: { method: string; args: StorableText; name: string; unique: boolean }, version: Version): Process {
    const { method, args, name, unique } = request
    if (name.startsWith('$')) throw new TesseraError('PROCESS_NAME_INVALID', 'The name of a stored procedure cannot start with $.')
    if (!version.methods.has(method)) throw new TesseraError('METHOD_NOT_FOUND', `Version ${version.id} has no method "${method.slice(0, 100)}".`)
    const running = unique ? this.#findRunning(name) : undefined
    if (running !== undefined) return running
    const process = this.#rooms.processes.create(this.session, 'storedProcedure', name || method, version)
    this.#rooms.versions.pin(version, process.id)
    this.#ports.bus.emit({ name: 'procedure.started', processId: process.id, method })
    const run = this.#rooms.executor.procedure(this.session, process, method, args)
    this.#running.set(process.id, run)
    void run.then((outcome) => this.#finish(process, outcome))
    return process
  }

  /** Waits for the end. @throws TesseraError of the procedure, or `PROCESS_NOT_FOUND`. */
  async result(id: ProcessId): Promise<StorableText> {
    const outcome = (await this.#running.get(id)) ?? this.#outcomeOf(id)
    if (outcome.ok) return outcome.value
    throw fromErrorBody(outcome.error)
  }

  progressed(id: ProcessId, fraction: number, text: string): void {
    const process = [...this.session.processes.values()].find((each) => each.id === id && each.kind === 'storedProcedure')
    if (process === undefined) return
    process.progress = { fraction: Number.isFinite(fraction) ? Math.min(Math.max(fraction, 0), 1) : 0, text }
    this.#ports.bus.emit({ name: 'procedure.progressed', processId: id, ...process.progress })
  }

  /** Running ones first, then those that ended, newest first. */
  list(): Process[] {
    return [...[...(this.#session?.processes.values() ?? [])].filter(({ kind }) => kind === 'storedProcedure'), ...this.#ended]
  }

  /** Signals the running ones and waits for them, for so long (4d.md PRC-20, DBM-31). */
  async stop(reason: string, graceMs: number): Promise<void> {
    for (const process of this.session.processes.values()) if (process.kind === 'storedProcedure') this.#rooms.executor.cancel(process, reason)
    const deadline = new Promise<void>((resolve) => this.#ports.clock.after(graceMs, resolve))
    await Promise.race([Promise.all(this.#running.values()), deadline])
  }

  #findRunning(name: string): Process | undefined {
    return [...this.session.processes.values()].find((process) => process.kind === 'storedProcedure' && process.name === name)
  }

  #finish(process: Process, outcome: RunOutcome): void {
    process.outcome = outcome.ok ? { ok: true, value: outcome.value } : { ok: false, code: outcome.error.code, message: outcome.error.message }
    this.#running.delete(process.id)
    this.#ended.unshift(process)
    this.#ended.length = Math.min(this.#ended.length, endedKept)
    this.#rooms.processes.forget(this.session, process)
    this.#ports.bus.emit({ name: 'procedure.ended', processId: process.id, ok: outcome.ok, value: outcome.ok ? outcome.value : null })
    this.#rooms.versions.unpin(process.version, process.id)
  }

  #outcomeOf(id: ProcessId): RunOutcome {
    const outcome = this.#ended.find((process) => process.id === id)?.outcome ?? null
    if (outcome === null) throw new TesseraError('PROCESS_NOT_FOUND', 'There is no such stored procedure, or it ended long ago.')
    if (outcome.ok) return { ok: true, value: outcome.value, isolate: '' }
    return { ok: false, isolate: null, error: { code: 'METHOD_ERROR', message: outcome.message, className: outcome.code } }
  }
}
