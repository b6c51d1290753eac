import { type Payload, payloadText, type StorableText, TesseraError } from '@tessera/protocol'
import type { ProcessId } from '../ids.ts'
import type { EngineOptions, Ports } from '../ports/index.ts'
import type { RunOutcome } from '../ports/isolate-host.ts'
import { type Executor, resultOf } from '../process/executor.ts'
import type { Process } from '../process/process.ts'
import type { Processes } from '../process/processes.ts'
import type { Version } from '../version/version.ts'
import type { Versions } from '../version/versions.ts'
import { within } from '../within.ts'
import { admitSession } from './admit-session.ts'
import type { Session } from './session.ts'
import type { SessionKeeper } from './session-keeper.ts'
import type { Sessions } from './sessions.ts'

interface Rooms {
  sessions: Sessions
  keeper: SessionKeeper
  versions: Versions
  processes: Processes
  executor: Executor
}

/** Ended procedures stay to be looked at; the oldest go first. */
const endedKept = 50
const longestProgressText = 1000

interface ProcedureStart {
  method: string
  args: Payload
  name: string
  unique: boolean
}

/** The one stored-procedures session and what runs in it (4d.md SES-09, PRC-11..20). */
export class Procedures {
  readonly #ports: Ports
  readonly #options: EngineOptions
  readonly #rooms: Rooms
  readonly #running = new Map<ProcessId, Promise<RunOutcome>>()
  readonly #ended: { process: Process; outcome: RunOutcome }[] = []
  #session: Session | null = null
  #stopping = false

  constructor(ports: Ports, options: EngineOptions, rooms: Rooms) {
    this.#ports = ports
    this.#options = options
    this.#rooms = rooms
  }

  /** A server that was killed leaves the session behind: it goes on with its id, storage and privileges (SPEC S22). */
  adopt(session: Session): void {
    this.#session = session
  }

  /** Makes the session, with the server (4d.md SES-09). It is virtual: no client, no licence. */
  async open(version: Version): Promise<void> {
    const known = this.#session
    const owner = { kind: 'storedProcedures', user: { id: 1, name: 'Designer' }, version } as const
    const session = known ?? admitSession(this.#ports, this.#options, { rooms: this.#rooms, owner })
    session.move({ name: 'active', connection: 0 }, this.#ports.clock.now())
    this.#session = session
    if (known === null) await this.#rooms.keeper.keepOpened(session, [])
    else this.follow(version)
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
    this.#rooms.versions.unpin(from, session.id)
  }

  /**
   * Starts a method in a process of its own. `unique`: a running process of that name is answered instead (4d.md PRC-12).
   * @throws TesseraError `METHOD_NOT_FOUND`, `PROCESS_NAME_INVALID` (4d.md PRC-14), `SERVER_STOPPING`.
   */
  start({ method, args, unique, ...request }: ProcedureStart, version: Version): Process {
    const name = request.name || method
    if (name.startsWith('$')) throw new TesseraError('PROCESS_NAME_INVALID', 'The name of a stored procedure cannot start with $.')
    if (!version.methods.has(method)) throw new TesseraError('METHOD_NOT_FOUND', `Version ${version.id} has no method "${method.slice(0, 100)}".`)
    const running = unique ? this.#runningOnes().find((process) => process.name === name) : undefined
    if (running !== undefined) return running
    if (this.#stopping) throw new TesseraError('SERVER_STOPPING', 'The server is stopping: no stored procedure starts any more.')
    const process = this.#rooms.processes.create(this.session, { kind: 'storedProcedure', name, version })
    this.#rooms.versions.pin(version, process.id)
    this.#ports.bus.emit({ name: 'procedure.started', processId: process.id, method })
    const run = this.#rooms.executor.run(this.session, process, { target: { kind: 'method', name: method }, args, onServerOnly: false })
    this.#running.set(process.id, run)
    void run.then((outcome) => this.#finish(process, outcome))
    return process
  }

  /** Waits for the end. @throws TesseraError of the procedure, or `PROCESS_NOT_FOUND`. */
  async result(id: ProcessId): Promise<StorableText> {
    const outcome = (await this.#running.get(id)) ?? this.#ended.find(({ process }) => process.id === id)?.outcome
    if (outcome === undefined) throw new TesseraError('PROCESS_NOT_FOUND', 'There is no such stored procedure, or it ended long ago.')
    return payloadText(resultOf(outcome))
  }

  progressed(id: ProcessId, fraction: number, text: string): void {
    const process = this.#rooms.processes.find(id)
    if (process === undefined || process.kind !== 'storedProcedure') return
    process.progress = { fraction: Number.isFinite(fraction) ? Math.min(Math.max(fraction, 0), 1) : 0, text: text.slice(0, longestProgressText) }
    this.#ports.bus.emit({ name: 'procedure.progressed', processId: id, ...process.progress })
  }

  /** Running ones first, then those that ended, newest first. */
  list(): Process[] {
    return [...this.#runningOnes(), ...this.#ended.map(({ process }) => process)]
  }

  /** Signals the running ones and waits for them, for so long (4d.md PRC-20, DBM-31). None starts any more. */
  async stop(reason: string, graceMs: number): Promise<void> {
    this.#stopping = true
    for (const process of this.#runningOnes()) this.#rooms.executor.cancel(process, reason)
    await within(this.#ports.clock, graceMs, Promise.all(this.#running.values()))
    if (this.#session === null) return
    this.#session.turns.close()
    this.#rooms.keeper.forget(this.#session.id)
  }

  #runningOnes(): Process[] {
    return [...(this.#session?.processes.values() ?? [])].filter(({ kind }) => kind === 'storedProcedure')
  }

  #finish(process: Process, outcome: RunOutcome): void {
    const value = outcome.ok ? payloadText(outcome.value) : null
    process.outcome = outcome.ok ? { ok: true, value: value ?? 'null' } : { ok: false, code: outcome.error.code, message: outcome.error.message }
    this.#running.delete(process.id)
    this.#ended.unshift({ process, outcome })
    this.#ended.length = Math.min(this.#ended.length, endedKept)
    this.#rooms.processes.forget(this.session, process)
    this.#ports.bus.emit({ name: 'procedure.ended', processId: process.id, ok: outcome.ok, value })
    this.#rooms.versions.unpin(process.version, process.id)
  }
}
