import { limits, type Payload, payloadText, type StorableText, TesseraError } from '@tessera/protocol'
import type { ProcessId, SessionId } from '../ids.ts'
import type { EngineOptions, Ports } from '../ports/index.ts'
import type { RunOutcome } from '../ports/isolate-host.ts'
import { type Executor, resultOf } from '../process/executor.ts'
import type { Process } from '../process/process.ts'
import type { Processes } from '../process/processes.ts'
import type { Version } from '../version/version.ts'
import type { Versions } from '../version/versions.ts'
import { within } from '../within.ts'
import { admitSession } from './admit-session.ts'
import { LatelyEnded } from './lately-ended.ts'
import { ProcedureRun, type Starter } from './procedure-run.ts'
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

/** As in any session (SPEC P16). */
const mostRunning = 1000
/** For a procedure that was ended to be gone. */
const abortMs = 1000

export interface ProcedureStart {
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
  readonly #running = new Map<ProcessId, ProcedureRun>()
  readonly #ended: LatelyEnded<ProcessId, ProcedureRun>
  #session: Session | null = null
  #stopping = false

  constructor(ports: Ports, options: EngineOptions, rooms: Rooms) {
    this.#ports = ports
    this.#options = options
    this.#rooms = rooms
    this.#ended = new LatelyEnded(ports.clock, options.payloadBytes)
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
   * Starts a method in a process of its own. `unique`: a running process of that name is answered instead (4d.md PRC-12);
   * between the look and the start nothing else happens, so there are never two.
   * @throws TesseraError `METHOD_NOT_FOUND`, `PROCESS_NAME_INVALID` (4d.md PRC-14), `SERVER_STOPPING`, `TOO_MANY_CALLS`.
   */
  start({ method, args, unique, ...request }: ProcedureStart, version: Version, starter: Starter): ProcedureRun {
    const name = request.name || method
    checkName(name)
    if (!version.methods.has(method)) throw new TesseraError('METHOD_NOT_FOUND', `Version ${version.id} has no method "${method.slice(0, 100)}".`)
    const other = unique ? [...this.#running.values()].find(({ process }) => process.name === name) : undefined
    if (other !== undefined) {
      if (starter.session !== null) other.join(starter.session, method)
      return other
    }
    this.#checkRoom(starter)
    const process = this.#rooms.processes.create(this.session, { kind: 'storedProcedure', name, version })
    const run = new ProcedureRun(this.#ports, { process, method, starter })
    this.#running.set(process.id, run)
    this.#rooms.versions.pin(version, process.id)
    this.#ports.bus.emit({ name: 'procedure.started', processId: process.id, method, by: starter.label })
    const onServerOnly = starter.kind === 'client'
    run.begin(this.#rooms.executor.run(this.session, process, { target: { kind: 'method', name: method }, args, onServerOnly }))
    void run.outcome.then((outcome) => this.#finish(run, outcome))
    return run
  }

  /** One that runs, or ended not long ago. @throws TesseraError `PROCESS_NOT_FOUND`. */
  need(id: ProcessId): ProcedureRun {
    const run = this.#running.get(id) ?? this.#ended.find(id)
    if (run === undefined) throw new TesseraError('PROCESS_NOT_FOUND', 'There is no such stored procedure: it ended long ago, or with the server.')
    return run
  }

  /** Waits for the end. @throws TesseraError of the procedure, or `PROCESS_NOT_FOUND`. */
  async result(id: ProcessId): Promise<StorableText> {
    return payloadText(resultOf(await this.need(id).outcome))
  }

  progressed(id: ProcessId, fraction: number, text: string): void {
    const run = this.#running.get(id)
    if (run === undefined) return
    const done = Number.isFinite(fraction) ? Math.min(Math.max(fraction, 0), 1) : 0
    run.process.progress = { fraction: done, text: text.slice(0, limits.progressCharacters) }
    run.feed.say(run.process.progress)
  }

  /** Running ones first, then the last ones that ended, newest first. */
  list(): Process[] {
    return [...this.#running.values(), ...this.#ended.list()].map(({ process }) => process)
  }

  /** Signals the running ones, waits for them so long, and ends those that are left (4d.md PRC-20, DBM-31). None starts any more. */
  async stop(reason: string, graceMs: number): Promise<void> {
    this.#stopping = true
    for (const run of this.#running.values()) run.cancel(reason, { forced: false })
    if (!(await within(this.#ports.clock, graceMs, this.#allEnded()))) await this.#abortAll()
    if (this.#session === null) return
    this.#session.turns.close()
    this.#rooms.keeper.forget(this.#session.id)
  }

  async #abortAll(): Promise<void> {
    this.#ports.logger.warn('Stored procedures were ended: the server stops', { procedures: this.#running.size })
    for (const run of this.#running.values()) run.abort()
    await within(this.#ports.clock, abortMs, this.#allEnded())
  }

  async #allEnded(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ outcome }) => outcome))
  }

  #checkRoom({ kind, session }: Starter): void {
    if (this.#stopping) throw new TesseraError('SERVER_STOPPING', 'The server is stopping: no stored procedure starts any more.')
    if (this.#running.size >= mostRunning) throw new TesseraError('TOO_MANY_CALLS', `${mostRunning} stored procedures run already.`, { retryAfterMs: 1000 })
    if (kind === 'client' && this.#startedBy(session) >= limits.clientProcedures)
      throw new TesseraError('TOO_MANY_CALLS', `${limits.clientProcedures} stored procedures of this session run already.`, { retryAfterMs: 1000 })
  }

  #startedBy(session: SessionId | null): number {
    return [...this.#running.values()].filter(({ starter }) => starter.kind === 'client' && starter.session === session).length
  }

  #finish(run: ProcedureRun, outcome: RunOutcome): void {
    const { process } = run
    const value = outcome.ok ? payloadText(outcome.value) : null
    process.outcome = outcome.ok ? { ok: true, value: value ?? 'null' } : { ok: false, code: outcome.error.code, message: outcome.error.message }
    this.#running.delete(process.id)
    this.#ended.add(process.id, run, outcome.ok ? outcome.value.length : 0)
    this.#rooms.processes.forget(this.session, process)
    this.#ports.bus.emit({ name: 'procedure.ended', processId: process.id, ok: outcome.ok, value })
    this.#rooms.versions.unpin(process.version, process.id)
  }
}

/** @throws TesseraError `PROCESS_NAME_INVALID`. */
const checkName = (name: string): void => {
  if (name.startsWith('$')) throw new TesseraError('PROCESS_NAME_INVALID', 'The name of a stored procedure cannot start with $.')
  if (name.length > limits.procedureNameCharacters)
    throw new TesseraError('PROCESS_NAME_INVALID', `The name of a stored procedure has at most ${limits.procedureNameCharacters} characters.`)
}
