import { type ErrorBody, limits } from '@tessera/protocol'
import type { SessionId } from '../ids.ts'
import type { Cancel } from '../ports/clock.ts'
import type { Ports } from '../ports/index.ts'
import type { RunOutcome } from '../ports/isolate-host.ts'
import type { Process } from '../process/process.ts'
import { ProgressFeed } from './progress-feed.ts'

type RunPorts = Pick<Ports, 'bus' | 'clock' | 'isolates'>

/** Who started a stored procedure. */
export interface Starter {
  kind: 'client' | 'code' | 'operator' | 'schedule'
  /** The session whose client or code it was. */
  session: SessionId | null
  /** For people. */
  label: string
}

/** One stored procedure, from its start to the last that is asked of it. */
export class ProcedureRun {
  readonly process: Process
  readonly method: string
  readonly starter: Starter
  readonly feed: ProgressFeed
  /** How it ends, or ended. */
  readonly outcome: Promise<RunOutcome>
  readonly #ports: RunPorts
  /** Sessions that asked for it as unique while it ran, and for the same method. */
  readonly #joined = new Set<SessionId>()
  #settle: (outcome: RunOutcome) => void = () => undefined
  #running = true
  #hardStop: Cancel | null = null

  constructor(ports: RunPorts, facts: { process: Process; method: string; starter: Starter }) {
    this.#ports = ports
    this.process = facts.process
    this.method = facts.method
    this.starter = facts.starter
    this.outcome = new Promise((resolve) => {
      this.#settle = resolve
    })
    this.feed = new ProgressFeed(ports.clock, (progress) => ports.bus.emit({ name: 'procedure.progressed', processId: this.process.id, ...progress }))
  }

  get running(): boolean {
    return this.#running
  }

  /** `work`: the call that is this procedure. */
  begin(work: Promise<RunOutcome>): void {
    void work.then((outcome) => this.#settle(this.#end(outcome)))
  }

  join(session: SessionId, method: string): void {
    if (method === this.method) this.#joined.add(session)
  }

  /** Whether the session's client may hear how far it is, and what came of it. */
  isHeardBy(session: SessionId): boolean {
    return this.starter.session === session || this.#joined.has(session)
  }

  /** Tells it to stop; `forced`: it is ended where it has not stopped by itself after a while. Told once. */
  cancel(reason: string, { forced }: { forced: boolean }): void {
    if (!this.#running) return
    if (this.process.cancelled === null) this.#signal(reason)
    if (forced) this.#hardStop ??= this.#ports.clock.after(limits.cancelGraceMs, () => this.abort())
  }

  /** Ends it, whatever it does. */
  abort(): void {
    const { running } = this.process
    if (running === null) this.process.closed = true
    else void this.#ports.isolates.abort(running.call, this.process.cancelled ?? '')
  }

  #signal(reason: string): void {
    this.process.cancelled = reason
    this.#ports.bus.emit({ name: 'procedure.cancelled', processId: this.process.id, reason })
    if (this.process.running !== null) this.#ports.isolates.signal(this.process.running.call, reason)
  }

  #end(outcome: RunOutcome): RunOutcome {
    this.#running = false
    this.#hardStop?.()
    this.feed.end()
    const { cancelled } = this.process
    return outcome.ok || cancelled === null ? outcome : { ...outcome, error: cancelledError(outcome.error, cancelled) }
  }
}

/** What it threw because it was told to stop is not its failure; what it said of it is kept. */
const cancelledError = (error: ErrorBody, reason: string): ErrorBody => {
  if (error.code !== 'METHOD_ERROR') return error
  return { code: 'CALL_CANCELLED', message: reason === '' ? error.message : `${reason} (${error.message})` }
}
