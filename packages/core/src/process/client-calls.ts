import { type Payload, TesseraError } from '@tessera/protocol'
import type { Directory } from '../access/directory.ts'
import type { SessionId } from '../ids.ts'
import type { MethodFacts } from '../ports/isolate-host.ts'
import type { Session } from '../session/session.ts'
import type { Sessions } from '../session/sessions.ts'
import { checkPayload } from './check-payload.ts'
import { type Executor, resultOf } from './executor.ts'
import type { Process } from './process.ts'
import type { Processes } from './processes.ts'

interface Rooms {
  sessions: Sessions
  processes: Processes
  executor: Executor
  directory: Directory
}

interface ClientCall {
  sessionId: SessionId
  process: number
  method: string
  args: Payload
  request?: string | undefined
}

/** A session's calls that wait may hold so many times the payload limit (SPEC P9). */
const waitingPayloads = 16
/** What a waiting call takes besides its arguments, roughly. */
export const callBytes = 500

/** What clients ask of their own processes. All of it waits while the session goes from one version to another (SPEC V7). */
export class ClientCalls {
  readonly #rooms: Rooms
  readonly #payloadBytes: number

  constructor(rooms: Rooms, payloadBytes: number) {
    this.#rooms = rooms
    this.#payloadBytes = payloadBytes
  }

  /** Runs a server method in one of the client's processes. @throws TesseraError of the call. */
  async call({ sessionId, process: number, method, args, request }: ClientCall): Promise<Payload> {
    const session = needOpen(this.#rooms.sessions.need(sessionId))
    checkPayload(args, this.#payloadBytes)
    const bytes = args.length + callBytes
    checkRoom(session, bytes, this.#payloadBytes)
    session.waitingBytes += bytes
    try {
      while (session.moving !== null) needOpen(await moved(session))
      const process = session.needProcess(number)
      return resultOf(await this.#run(session, process, { method, args, request }))
    } finally {
      session.waitingBytes -= bytes
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

  #run(session: Session, process: Process, { method, args, request }: Pick<ClientCall, 'method' | 'args' | 'request'>) {
    const facts = process.version.methods.get(method)
    // Alone, there is no other side: `onServer` says nothing (4d.md PRC-07).
    const anywhere = session.kind === 'standalone'
    if (facts === undefined || !(facts.onServer || anywhere)) throw notFound(process, method, facts)
    const restricted = facts.groups.length > 0 && !anywhere ? { permit: () => this.#rooms.directory.permit(session.user, facts) } : {}
    return this.#rooms.executor.run(session, process, { target: { kind: 'method', name: method }, args, request, onServerOnly: !anywhere, ...restricted })
  }
}

/** @throws TesseraError `CALL_NOT_STARTED` where the session's calls that wait leave no room for so many bytes (SPEC P9). */
export const checkRoom = ({ waitingBytes }: Session, bytes: number, payloadBytes: number): void => {
  if (waitingBytes + bytes <= waitingPayloads * (payloadBytes + callBytes)) return
  throw new TesseraError('CALL_NOT_STARTED', 'Too many calls of this session wait already.', { retryAfterMs: 1000 })
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
