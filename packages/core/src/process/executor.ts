import { fromErrorBody, type Payload, payloadText, type StorableText } from '@tessera/protocol'
import { asCallId } from '../ids.ts'
import type { Ports } from '../ports/index.ts'
import type { DatabaseMethodName, RunOutcome, RunTarget } from '../ports/isolate-host.ts'
import type { Session } from '../session/session.ts'
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
}

/** Carries calls from a process to its isolate and back, one at a time for each process (SPEC P1). */
export class Executor {
  readonly #ports: ExecutorPorts
  readonly #payloadBytes: number
  #calls = 0

  /** `payloadBytes`: largest result where the project's settings say nothing of it. */
  constructor(ports: ExecutorPorts, payloadBytes: number) {
    this.#ports = ports
    this.#payloadBytes = payloadBytes
  }

  /** One of the project's database methods; null where the project has none of that name. @throws TesseraError of the method. */
  async database(session: Session, process: Process, { name, args }: { name: DatabaseMethodName; args: StorableText }): Promise<StorableText | null> {
    if (!process.version.package.facts.databaseMethods.includes(name)) return null
    return payloadText(resultOf(await this.run(session, process, { target: { kind: 'database', name }, args, onServerOnly: false })))
  }

  /** Waits for the process's turn, then runs the work in it. */
  async run(session: Session, process: Process, work: Work): Promise<RunOutcome> {
    const turn = process.enter()
    try {
      const args = turn === null ? work.args : waitingPayload(work.args)
      if (turn !== null) await turn
      if (work.permit !== undefined) await work.permit()
      return process.closed ? endedOutcome(session) : await this.#carryOut(session, process, args === work.args ? work : { ...work, args })
    } finally {
      process.leave()
    }
  }

  cancel(process: Process, reason: string): void {
    if (process.running !== null) this.#ports.isolates.cancel(process.running.call, reason)
  }

  async #carryOut(session: Session, process: Process, { target, args, onServerOnly, promoted }: Work): Promise<RunOutcome> {
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
    const lent = promoted === undefined ? {} : { promoted: promoted() }
    const resultBytes = version.package.facts.execution.resultBytes ?? this.#payloadBytes
    const outcome = await isolates.run({
      call,
      digest: version.digest,
      process: { id, number, name, sessionId },
      target,
      args,
      onServerOnly,
      resultBytes,
      ...lent,
    })
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

export const resultOf = (outcome: RunOutcome): Payload => {
  if (outcome.ok) return outcome.value
  throw fromErrorBody(outcome.error)
}

/** For a call that waited for its turn in a process that ended meanwhile. */
const endedOutcome = ({ state }: Session): RunOutcome => {
  const code = state.name === 'closed' ? 'SESSION_ENDED' : 'PROCESS_NOT_FOUND'
  return { ok: false, isolate: null, error: { code, message: 'The process ended before this call could start.' } }
}
