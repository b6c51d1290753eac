import type { ProcessKind, ProcessRow, ProcessState, StorableText } from '@tessera/protocol'
import type { CallId, ProcessId, SessionId } from '../ids.ts'
import type { ProcessCpu } from '../ports/isolate-host.ts'
import type { Version } from '../version/version.ts'
import { CallQueue } from './call-queue.ts'
import type { CallStop } from './call-stop.ts'
import { Promotions } from './promotions.ts'

export interface ProcessOptions {
  id: ProcessId
  number: number
  kind: ProcessKind
  name: string
  sessionId: SessionId
  /** Stored procedures run on the version they were started on; twins follow their session. */
  version: Version
  at: number
}

/** A server-side process: a client process's twin, or a stored procedure. It runs one call at a time (4d.md PRC-21). */
export class Process {
  readonly id: ProcessId
  readonly number: number
  readonly kind: ProcessKind
  readonly name: string
  readonly sessionId: SessionId
  version: Version
  calls = 0
  errors = 0
  isolate: string | null = null
  running: { call: CallId; method: string; since: number } | null = null
  /** The one that runs, else the one that ran last. */
  lastCall: CallId | null = null
  progress: ProcessRow['progress'] = null
  cancelled: string | null = null
  outcome: { ok: true; value: StorableText } | { ok: false; code: string; message: string } | null = null
  /** The journal has it: a restart would know of it. */
  kept = false
  /** Lent to the running call of a web process. */
  readonly promotions = new Promotions()
  /** A web process whose browser went to another session meanwhile: what still runs here runs for that one (4d.md SES-44). */
  replacedBy: SessionId | null = null
  /** Takes no calls any more. */
  closed = false
  /** Ends with Open Connection, whatever came of it. */
  opening: Promise<unknown> | null = null
  /** Ends when Close Connection is over. */
  closing: Promise<void> | null = null
  /** Where Close Connection runs. */
  farewell: Process | null = null
  readonly openedAt: number
  readonly #queue = new CallQueue()
  #idleListeners: (() => void)[] = []
  #busy = false
  #paused = false

  constructor(options: ProcessOptions) {
    this.id = options.id
    this.number = options.number
    this.kind = options.kind
    this.name = options.name
    this.sessionId = options.sessionId
    this.version = options.version
    this.openedAt = options.at
  }

  get queued(): number {
    return this.#queue.size
  }

  /** Nothing runs here or is about to, its own end included. Calls that wait in a paused process are not about to. */
  get idle(): boolean {
    return !this.#busy && this.closing === null
  }

  /** Resolves when it is idle, or gone. */
  whenIdle(): Promise<void> {
    if (this.closing !== null) return this.closing
    if (!this.#busy) return Promise.resolve()
    return new Promise((resolve) => this.#idleListeners.push(resolve))
  }

  /** Takes the process's turn: at once (null), or when all that came before is done. Whoever takes it must `leave`; who is stopped before gets none. */
  enter(stop?: CallStop): Promise<void> | null {
    if (this.#busy || this.#paused) return this.#queue.wait(stop)
    this.#busy = true
    return null
  }

  /** Hands the turn to the next one that waits. */
  leave(): void {
    const next = this.#paused ? undefined : this.#queue.next()
    if (next === undefined) this.#rest()
    else next()
  }

  /** Nobody gets the turn any more until it is activated; whoever has it keeps it. */
  pause(): void {
    this.#paused = true
  }

  activate(): void {
    this.#paused = false
    if (this.#busy) return
    const next = this.#queue.next()
    if (next === undefined) return
    this.#busy = true
    next()
  }

  get state(): ProcessState {
    if (this.outcome !== null) return this.outcome.ok ? 'ended' : 'failed'
    if (this.closed) return 'ended'
    if (this.#paused) return 'paused'
    if (this.running !== null) return 'executing'
    return this.#busy ? 'waiting' : 'idle'
  }

  /** When the running method began; when nothing runs, when the process was opened. */
  get since(): number {
    return this.running?.since ?? this.openedAt
  }

  row(iso: (at: number) => string, { userName, cpu }: { userName: string; cpu?: ProcessCpu | undefined }): ProcessRow {
    return {
      id: this.id,
      number: this.number,
      sessionId: this.sessionId,
      userName,
      kind: this.kind,
      name: this.name,
      state: this.state,
      method: this.running?.method ?? null,
      startedAt: iso(this.since),
      calls: this.calls,
      errors: this.errors,
      cpuMs: cpu?.cpuMs ?? null,
      cpuUsage: cpu?.cpuUsage ?? null,
      queued: this.queued,
      isolate: this.isolate,
      progress: this.progress,
      cancelled: this.cancelled,
      result: this.outcome,
    }
  }

  #rest(): void {
    this.#busy = false
    const listeners = this.#idleListeners
    this.#idleListeners = []
    for (const listener of listeners) listener()
  }
}
