import { payloadText, type StorableText, TesseraError } from '@tessera/protocol'
import type { Directory } from '../access/directory.ts'
import { staticPromotions } from '../access/permissions.ts'
import { methodResource, permitWeb } from '../access/permit-web.ts'
import { heldNames, hold } from '../access/roles/held.ts'
import { isHoldable, keyOf } from '../access/roles/roles.ts'
import type { WebKey } from '../access/web-keys.ts'
import type { CallId, ProcessId } from '../ids.ts'
import type { MethodFacts, RunOutcome } from '../ports/isolate-host.ts'
import type { Session } from '../session/session.ts'
import type { SessionEnd } from '../session/session-end.ts'
import { movedReason, takeFresh, type WebSessions } from '../session/web.ts'
import type { CallLog } from './call-log.ts'
import { giveRoom, takeRoom } from './call-room.ts'
import type { CallStop } from './call-stop.ts'
import { checkPayload } from './check-payload.ts'
import { needOpen } from './client-calls.ts'
import { deadlineOf } from './deadline.ts'
import { type Executor, resultOf } from './executor.ts'
import type { OpenCalls } from './open-calls.ts'
import type { Process } from './process.ts'
import type { Processes } from './processes.ts'

interface Rooms {
  processes: Processes
  executor: Executor
  directory: Directory
  web: WebSessions
  end: SessionEnd
  open: OpenCalls
  log: CallLog
}

interface WebRequest {
  method: string
  args: StorableText
}

interface Ran {
  outcome: RunOutcome
  /** The new secret for the cookie. */
  token: string | null
}

/** What browsers call: exposed methods, one at a time in the web process of their session (4d.md PRC-21, DBM-10). */
export class WebCalls {
  readonly #rooms: Rooms
  readonly #payloadBytes: number

  constructor(rooms: Rooms, payloadBytes: number) {
    this.#rooms = rooms
    this.#payloadBytes = payloadBytes
  }

  /** @throws TesseraError of the call; `SESSION_ENDED` for a key that opens nothing. */
  async call({ token, ...request }: WebRequest & { token: string }): Promise<{ value: StorableText; token: string | null }> {
    checkPayload(request.args, this.#payloadBytes)
    const key = this.#rooms.web.use(token)
    if (key === undefined) throw new TesseraError('SESSION_ENDED', 'The session of this browser has ended.')
    // The method's deadline, or the project's (SPEC P32).
    const deadlineMs = deadlineOf(key.session.version, request.method, undefined)
    let fresh: string | null = null
    const outcome = await this.#rooms.open.run({ sessionId: key.session.id, deadlineMs }, async (stop) => {
      const ran = await this.#run(key, request, stop)
      fresh = ran.token
      return ran.outcome
    })
    return { value: payloadText(resultOf(outcome)), token: fresh }
  }

  /** Lends the privilege to the call while it runs; 0 where it is not declared, or held or lent already (4d.md SES-42). */
  promote(session: Session, { processId, call, name }: { processId: ProcessId; call: CallId; name: string }): { id: number; promoted: readonly string[] } {
    const process = this.#running(processId, call)
    if (process === undefined) return { id: 0, promoted: [] }
    const wanted = keyOf(name)
    const held = [...session.privileges, ...promotedIn(session, process)]
    const isNew = isHoldable(session.roles.privileges, wanted) && !held.some((each) => keyOf(each) === wanted)
    return { id: isNew ? process.promotions.add(wanted) : 0, promoted: promotedIn(session, process) }
  }

  demote(session: Session, { processId, call, id }: { processId: ProcessId; call: CallId; id: number }): { promoted: readonly string[] } {
    const process = this.#running(processId, call)
    process?.promotions.remove(id)
    return { promoted: process === undefined ? [] : promotedIn(session, process) }
  }

  #running(processId: ProcessId, call: CallId): Process | undefined {
    const process = this.#rooms.processes.find(processId)
    return process?.kind === 'web' && process.running?.call === call ? process : undefined
  }

  /** A browser that went to another session while its call waited is served there. */
  async #run(key: WebKey, request: WebRequest, stop: CallStop | undefined): Promise<Ran> {
    const { session } = key
    const bytes = takeRoom(needOpen(session), request.args, this.#payloadBytes)
    try {
      while (session.moving !== null) await session.moving
      const ran = await this.#runIn(session, key, { ...request, stop })
      if (ran !== null) return ran
    } finally {
      giveRoom(session, bytes)
    }
    return this.#run(key, request, stop)
  }

  /** Null where the key is one of another session by the time that its turn came. */
  async #runIn(session: Session, key: WebKey, { method, args, stop }: WebRequest & { stop: CallStop | undefined }): Promise<Ran | null> {
    const process = this.#webProcess(needOpen(session))
    const facts = this.#needExposed(session, process, { method, args })
    let hasMoved = false
    const permit = async (): Promise<void> => {
      hasMoved = key.session !== session
      if (hasMoved) throw new TesseraError('CALL_NOT_STARTED', 'The browser went to another session.')
      if (facts.groups.length > 0) await this.#rooms.directory.permit(session.user, facts)
      const lent = staticPromotions(session.roles, methodResource(facts))
      permitWeb({ session, method: facts, promoted: lent })
      for (const name of lent) process.promotions.add(keyOf(name))
    }
    try {
      const outcome = await this.#rooms.executor.run(session, process, {
        target: { kind: 'method', name: method },
        args,
        onServerOnly: true,
        permit,
        promoted: () => promotedIn(session, process),
        stop,
      })
      // Only the answer to the call in which the key was renewed may carry it: whoever else has the old one must not get the new.
      return { outcome, token: takeFresh(key) }
    } catch (error) {
      if (hasMoved) return null
      throw error
    } finally {
      this.#rooms.web.touch(key)
      if (process.replacedBy !== null) void this.#rooms.end.close(session, 'SESSION_ENDED', movedReason)
    }
  }

  /** A method that is not exposed does not exist for browsers. @throws TesseraError `METHOD_NOT_FOUND`. */
  #needExposed(session: Session, process: Process, { method, args }: WebRequest): MethodFacts {
    const facts = process.version.methods.get(method)
    if (facts?.onServer === true && facts.exposed) return facts
    const error = new TesseraError('METHOD_NOT_FOUND', `There is no exposed method "${method.slice(0, 100)}".`)
    throw this.#rooms.log.refuse(session, process, { method, args, error })
  }

  #webProcess(session: Session): Process {
    if (session.webProcess !== null && !session.webProcess.closed) return session.webProcess
    const process = this.#rooms.processes.create(session, { kind: 'web', name: 'web', version: session.version })
    session.webProcess = process
    this.#rooms.processes.announce(process)
    return process
  }
}

/** What the running call was lent, inclusions expanded. */
export const promotedIn = (session: Session, { promotions }: Process): readonly string[] => heldNames(hold(session.roles, promotions.names))
