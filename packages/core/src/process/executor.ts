import { type ErrorBody, fromErrorBody, type Payload, payloadText, type StorableText, toErrorBody } from '@tessera/protocol'
import { asCallId } from '../ids.ts'
import type { Ports } from '../ports/index.ts'
import type { DatabaseMethodName, RunOutcome, RunRequest, RunTarget } from '../ports/isolate-host.ts'
import type { Session } from '../session/session.ts'
import type { CallLog } from './call-log.ts'
import type { CallStop } from './call-stop.ts'
import type { Process } from './process.ts'
import { waitingPayload } from './waiting-payload.ts'

type ExecutorPorts = Pick<Ports, 'bus' | 'clock' | 'isolates'>

/** What a process is to carry out. */
export interface Work {
  target: RunTarget
  args: Payload
  onServerOnly: boolean
  /** Asked when its turn has come; what it throws is the call's error. */
  permit?: () => Promise<void>
  /** What the call is lent when it begins (4d.md PRV-15); asked after `permit`. */
  promoted?: () => readonly string[]
  /** Through which it may end before it is done: while it waits, and while it runs. */
  stop?: CallStop | undefined
  /** The client's id of the call. */
  request?: string | undefined
}

/** Carries calls from a process to its isolate and back, one at a time for each process (SPEC P1). */
export class Executor {
  readonly #ports: ExecutorPorts
  readonly #log: CallLog
  readonly #payloadBytes: number
  #calls = 0

  /** `payloadBytes`: largest result where the project's settings say nothing of it. */
  constructor(ports: ExecutorPorts, log: CallLog, payloadBytes: number) {
    this.#ports = ports
    this.#log = log
    this.#payloadBytes = payloadBytes
  }

  /** One of the project's database methods; null where the project has none of that name. @throws TesseraError of the method. */
  async database(session: Session, process: Process, { name, args }: { name: DatabaseMethodName; args: StorableText }): Promise<StorableText | null> {
    if (!process.version.package.facts.databaseMethods.includes(name)) return null
    return payloadText(resultOf(await this.run(session, process, { target: { kind: 'database', name }, args, onServerOnly: false })))
  }

  /**
   * Waits for the process's turn, then runs the work in it. Logged before the next one begins.
   * @throws TesseraError that it was stopped with before it ran.
   */
  async run(session: Session, process: Process, work: Work): Promise<RunOutcome> {
    const { version } = process
    const isLogged = version.package.facts.callLog.enabled
    const cameAt = isLogged ? this.#ports.clock.elapsed() : 0
    let beganAt: number | null = null
    let outcome: RunOutcome | null = null
    const turn = process.enter(work.stop)
    let hasTurn = turn === null
    try {
      const begun = turn === null ? work : await waited(turn, work)
      hasTurn = true
      // Only a paused process goes to another version with calls that wait: what they may do was judged by the one before.
      const hasMoved = process.version !== version
      if (work.permit !== undefined && !hasMoved) await work.permit()
      work.stop?.check()
      if (process.closed) outcome = endedOutcome(session)
      else if (hasMoved) outcome = movedOutcome
      else {
        if (isLogged) beganAt = turn === null && work.permit === undefined ? cameAt : this.#ports.clock.elapsed()
        outcome = await this.#carryOut(session, process, begun)
      }
      return outcome
    } catch (error) {
      if (isLogged) outcome = { ok: false, isolate: null, error: toErrorBody(error) }
      throw error
    } finally {
      if (outcome !== null && isLogged) this.#log.note({ session, process, work, outcome, cameAt, beganAt })
      if (hasTurn) process.leave()
    }
  }

  cancel(process: Process, reason: string): void {
    if (process.running !== null) this.#ports.isolates.cancel(process.running.call, reason)
  }

  async #carryOut(session: Session, process: Process, work: Work): Promise<RunOutcome> {
    const { target, args, onServerOnly, promoted, stop, request } = work
    const { bus, clock, isolates } = this.#ports
    const { id, number, name, sessionId, version } = process
    this.#calls += 1
    const call = asCallId(this.#calls.toString(36))
    const since = clock.now()
    process.running = { call, method: target.name, since }
    process.calls += 1
    session.calls += 1
    session.lastActivityAt = since
    if (bus.hears('call.started')) bus.emit({ name: 'call.started', sessionId, processId: id, method: target.name })
    const { execution, callLog } = version.package.facts
    // Filled in and not spread together: a spread costs more than all that the log measures.
    const asked: RunRequest = {
      call,
      digest: version.digest,
      process: { id, number, name, sessionId },
      target,
      args,
      onServerOnly,
      resultBytes: execution.resultBytes ?? this.#payloadBytes,
    }
    if (promoted !== undefined) asked.promoted = promoted()
    if (request !== undefined) asked.request = request
    if (callLog.enabled) asked.timed = true
    process.lastCall = call
    stop?.meanwhile((error) => void isolates.abort(call, error.message))
    const ran = await isolates.run(asked)
    const outcome = stop === undefined ? ran : stop.outcome(ran)
    process.running = null
    process.promotions.clear()
    process.isolate = outcome.isolate ?? process.isolate
    if (!outcome.ok) {
      process.errors += 1
      session.errors += 1
    }
    if (bus.hears('call.ended'))
      bus.emit({ name: 'call.ended', sessionId, processId: id, method: target.name, ok: outcome.ok, durationMs: clock.now() - since })
    return outcome
  }
}

/** What waits holds on to its own arguments, not to the piece in which they came. */
const waited = async (turn: Promise<void>, work: Work): Promise<Work> => {
  const args = waitingPayload(work.args)
  await turn
  return args === work.args ? work : { ...work, args }
}

/** What a caller hears of its call. */
export type CallOutcome = { ok: true; value: Payload } | { ok: false; error: ErrorBody }

export const resultOf = (outcome: CallOutcome): Payload => {
  if (outcome.ok) return outcome.value
  throw fromErrorBody(outcome.error)
}

/** For a call that waited for its turn in a process that ended meanwhile. */
const endedOutcome = ({ state }: Session): RunOutcome => {
  const code = state.name === 'closed' ? 'SESSION_ENDED' : 'PROCESS_NOT_FOUND'
  return { ok: false, isolate: null, error: { code, message: 'The process ended before this call could start.' } }
}

const movedOutcome: RunOutcome = {
  ok: false,
  isolate: null,
  error: { code: 'CALL_NOT_STARTED', message: 'The session went to another version while this call waited.' },
}
