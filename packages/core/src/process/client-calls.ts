import { type Payload, TesseraError } from '@tessera/protocol'
import type { Directory } from '../access/directory.ts'
import type { CallOptions } from '../commands.ts'
import type { SessionId } from '../ids.ts'
import type { MethodFacts, RunOutcome } from '../ports/isolate-host.ts'
import type { Session } from '../session/session.ts'
import type { Sessions } from '../session/sessions.ts'
import type { CallLog } from './call-log.ts'
import { giveRoom, takeRoom } from './call-room.ts'
import type { CallStop } from './call-stop.ts'
import { checkPayload } from './check-payload.ts'
import { deadlineOf } from './deadline.ts'
import { type CallOutcome, type Executor, resultOf, type Work } from './executor.ts'
import type { KeyedCalls } from './keyed-calls.ts'
import type { OpenCalls } from './open-calls.ts'
import type { Process } from './process.ts'
import type { Processes } from './processes.ts'

interface Rooms {
  sessions: Sessions
  processes: Processes
  executor: Executor
  directory: Directory
  open: OpenCalls
  keyed: KeyedCalls
  log: CallLog
}

interface ClientCall extends CallOptions {
  sessionId: SessionId
  process: number
  method: string
  args: Payload
  request?: string | undefined
}

/** How a call may end early, and what is to happen right before it begins. */
interface Course {
  stop?: CallStop | undefined
  begin?: (() => Promise<void>) | undefined
}

/** What clients ask of their own processes. All of it waits while the session goes from one version to another (SPEC V7). */
export class ClientCalls {
  readonly #rooms: Rooms
  readonly #payloadBytes: number

  constructor(rooms: Rooms, payloadBytes: number) {
    this.#rooms = rooms
    this.#payloadBytes = payloadBytes
  }

  /** Runs a server method in one of the client's processes. @throws TesseraError of the call. */
  async call(call: ClientCall): Promise<Payload> {
    const session = needOpen(this.#rooms.sessions.need(call.sessionId))
    const deadlineMs = this.#check(session, call)
    const bytes = takeRoom(session, call.args, this.#payloadBytes)
    try {
      return resultOf(await this.#runOnce(session, call, deadlineMs))
    } finally {
      giveRoom(session, bytes)
    }
  }

  async open({ sessionId, name }: { sessionId: SessionId; name: string }): Promise<Pick<Process, 'id' | 'number'>> {
    const session = needOpen(this.#rooms.sessions.need(sessionId))
    while (session.moving !== null) needOpen(await moved(session))
    const process = await this.#rooms.processes.open(session, name)
    this.#rooms.processes.announce(process)
    return { id: process.id, number: process.number }
  }

  /** @throws TesseraError `PROCESS_NOT_FOUND`; `ILLEGAL_STATE` for the main process, which closes with its session (SPEC P8). */
  close({ sessionId, number }: { sessionId: SessionId; number: number }): Promise<void> {
    const session = this.#rooms.sessions.need(sessionId)
    const process = session.needProcess(number)
    if (process === session.main) throw new TesseraError('ILLEGAL_STATE', 'The main process closes with its session.')
    return this.#rooms.processes.close(session, process, 'The client closed the process.')
  }

  /** Answers its deadline. @throws TesseraError `PAYLOAD_TOO_LARGE`, `DEADLINE_INVALID`. */
  #check(session: Session, call: ClientCall): number | null {
    try {
      checkPayload(call.args, this.#payloadBytes)
      return deadlineOf(session.version, call.method, call.deadlineMs)
    } catch (error) {
      throw this.#rooms.log.refuse(session, session.processes.get(call.process) ?? session.main, { ...call, error })
    }
  }

  /** Under its key, where it has one. */
  #runOnce(session: Session, call: ClientCall, deadlineMs: number | null): Promise<CallOutcome> {
    const { open, keyed } = this.#rooms
    const { sessionId, request, key, method, args } = call
    const carry = (begin?: () => Promise<void>): Promise<RunOutcome> =>
      open.run({ sessionId, request, deadlineMs }, (stop) => this.#runThere(session, call, { stop, begin }))
    return key === undefined ? carry() : keyed.run(session, { key, method, args, request, deadlineMs }, carry)
  }

  /** Where the session goes from one version to another, on the one it comes to. */
  #runThere(session: Session, call: ClientCall, course: Course): Promise<RunOutcome> {
    return session.moving === null ? this.#run(session, call, course) : this.#runMoved(session, call, course)
  }

  async #runMoved(session: Session, call: ClientCall, course: Course): Promise<RunOutcome> {
    while (session.moving !== null) needOpen(await moved(session))
    return this.#run(session, call, course)
  }

  #run(session: Session, { process: number, method, args, request }: ClientCall, { stop, begin }: Course): Promise<RunOutcome> {
    const process = session.needProcess(number)
    const facts = process.version.methods.get(method)
    // Alone, there is no other side: `onServer` says nothing (4d.md PRC-07).
    const anywhere = session.kind === 'standalone'
    if (facts === undefined || !(facts.onServer || anywhere))
      throw this.#rooms.log.refuse(session, process, { method, args, request, error: notFound(process, method, facts) })
    const restricted = facts.groups.length > 0 && !anywhere
    const permit =
      restricted || begin !== undefined ? { permit: () => this.#permit(process, session.user, { restricted: restricted ? facts : null, stop, begin }) } : {}
    const work: Work = { target: { kind: 'method', name: method }, args, onServerOnly: !anywhere, stop, request, ...permit }
    return this.#rooms.executor.run(session, process, work)
  }

  /**
   * `restricted` null: whoever calls it may.
   * @throws TesseraError `NOT_ALLOWED`; what it was stopped with; `CALL_NOT_STARTED` where its process closed while it was kept that it begins.
   */
  async #permit(process: Process, user: Session['user'], { restricted, stop, begin }: Course & { restricted: MethodFacts | null }): Promise<void> {
    if (restricted !== null) await this.#rooms.directory.permit(user, restricted)
    stop?.check()
    if (begin === undefined || process.closed) return
    await begin()
    if (process.closed) throw new TesseraError('CALL_NOT_STARTED', 'The process closed before this call could start.')
  }
}

/** @throws TesseraError `SESSION_ENDED` for a session that takes no new work. */
export const needOpen = (session: Session): Session => {
  if (session.state.name === 'closed' || session.state.name === 'draining')
    throw new TesseraError('SESSION_ENDED', 'The session is ending: it takes no new calls.')
  return session
}

const moved = async (session: Session): Promise<Session> => {
  await session.moving
  return session
}

const notFound = ({ version }: Process, method: string, facts: MethodFacts | undefined): TesseraError => {
  const name = method.slice(0, 100)
  if (facts === undefined) return new TesseraError('METHOD_NOT_FOUND', `Version ${version.id} has no method "${name}".`)
  return new TesseraError('METHOD_NOT_FOUND', `The method "${name}" does not run on the server: it is not made with onServer.`)
}
