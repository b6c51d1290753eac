import { type ErrorBody, fromErrorBody, type StorableText, TesseraError } from '@tessera/protocol'
import { asCallId } from '../ids.ts'
import type { Ports } from '../ports/index.ts'
import type { DatabaseMethodName, RunOutcome, RunTarget } from '../ports/isolate-host.ts'
import type { Session } from '../session/session.ts'
import type { Process } from './process.ts'

type ExecutorPorts = Pick<Ports, 'bus' | 'clock' | 'isolates'>

/** Carries calls from a process to its isolate and back, one at a time for each process (4d.md PRC-04, PRC-21). */
export class Executor {
  readonly #ports: ExecutorPorts
  #calls = 0

  constructor(ports: ExecutorPorts) {
    this.#ports = ports
  }

  /** A client's call of a server method in the twin of one of its processes. @throws TesseraError of the call. */
  async call(session: Session, process: Process, method: string, args: StorableText): Promise<StorableText> {
    const facts = process.version.methods.get(method)
    if (facts === undefined) throw new TesseraError('METHOD_NOT_FOUND', `Version ${process.version.id} has no method "${method.slice(0, 100)}".`)
    // Alone, there is no other side: `onServer` says nothing (4d.md PRC-07).
    const anywhere = session.kind === 'standalone'
    if (!facts.onServer && !anywhere) throw new TesseraError('METHOD_NOT_FOUND', `The method "${method}" does not run on the server: it is not made with onServer.`)
    return resultOf(await this.#inTurn(session, process, { kind: 'method', name: method }, args, !anywhere))
  }

  /** Any method of the version, as a stored procedure runs it. */
  procedure(session: Session, process: Process, method: string, args: StorableText): Promise<RunOutcome> {
    return this.#inTurn(session, process, { kind: 'method', name: method }, args, false)
  }

  /** One of the project's database methods; null where the project has none of that name. */
  async database(session: Session, process: Process, name: DatabaseMethodName, args: StorableText): Promise<StorableText | null> {
    if (!process.version.package.facts.databaseMethods.includes(name)) return null
    return resultOf(await this.#inTurn(session, process, { kind: 'database', name }, args, false))
  }

  cancel(process: Process, reason: string): void {
    if (process.running !== null) this.#ports.isolates.cancel(process.running.call, reason)
  }

  #inTurn(session: Session, process: Process, target: RunTarget, args: StorableText, onServerOnly: boolean): Promise<RunOutcome> {
    return process.inTurn(() => {
      if (process.closed) return Promise.resolve(ended)
      return this.#run(session, process, target, args, onServerOnly)
    })
  }

  async #run(session: Session, process: Process, target: RunTarget, args: StorableText, onServerOnly: boolean): Promise<RunOutcome> {
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
    const outcome = await isolates.run({ call, digest: version.digest, process: { id, number, name, sessionId }, target, args, onServerOnly })
    process.running = null
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

const ended: RunOutcome = {
  ok: false,
  isolate: null,
  error: { code: 'SESSION_ENDED', message: 'The process ended before this call could start.' } satisfies ErrorBody,
}

const resultOf = (outcome: RunOutcome): StorableText => {
  if (outcome.ok) return outcome.value
  throw fromErrorBody(outcome.error)
}
