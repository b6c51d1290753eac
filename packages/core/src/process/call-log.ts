import { type CallRow, limits, type Payload } from '@tessera/protocol'
import type { CallId } from '../ids.ts'
import type { Ports } from '../ports/index.ts'
import type { RunOutcome, RunTimings } from '../ports/isolate-host.ts'
import type { Session } from '../session/session.ts'
import { excerptOf } from './excerpt.ts'
import type { Process } from './process.ts'

type LogPorts = Pick<Ports, 'bus' | 'clock'>

/** What the log knows of a call before it has its turn. */
interface Coming {
  target: { name: string }
  args: Payload
  request?: string | undefined
}

/** One call, from its coming to its end and for as long as the log keeps it. Nothing is worked out before somebody looks. */
export class LoggedCall {
  readonly sessionId: Session['id']
  readonly userName: string
  readonly processId: Process['id']
  readonly process: string
  readonly method: string
  readonly argumentBytes: number
  readonly arguments: string | null
  readonly at: number
  readonly slowMs: number
  readonly #cameAt: number
  #request: string | undefined
  #version: string
  /** Null: its turn never came. */
  #beganAt: number | null = null
  #endedAt = 0
  #isolate: string | null = null
  #timings: RunTimings | undefined
  #error: { code: string; message: string } | null = null
  #resultBytes = 0
  number = 0

  constructor({ user }: Session, process: Process, { coming, clock }: { coming: Coming; clock: Ports['clock'] }) {
    const { callLog } = process.version.package.facts
    this.sessionId = process.sessionId
    this.userName = user.name
    this.processId = process.id
    this.process = process.name
    this.method = coming.target.name
    this.argumentBytes = coming.args.length
    this.arguments = callLog.arguments ? excerptOf(coming.args) : null
    this.slowMs = callLog.slowMs
    this.at = clock.now()
    this.#cameAt = clock.elapsed()
    this.#request = coming.request
    this.#version = process.version.id
  }

  begin({ version }: Process, call: CallId, now: number): void {
    this.#beganAt = now
    this.#request ??= call
    this.#version = version.id
  }

  end(outcome: RunOutcome, { number, now }: { number: number; now: number }): void {
    this.number = number
    this.#endedAt = now
    this.#isolate = outcome.isolate
    this.#timings = outcome.timings
    if (outcome.ok) this.#resultBytes = outcome.value.length
    else this.#error = outcome.error
  }

  get began(): boolean {
    return this.#beganAt !== null
  }

  get isSlow(): boolean {
    return this.#endedAt - this.#cameAt >= this.slowMs
  }

  row(iso: (at: number) => string): CallRow {
    return {
      number: this.number,
      request: this.#request ?? '',
      sessionId: this.sessionId,
      userName: this.userName,
      processId: this.processId,
      process: this.process,
      method: this.method,
      version: this.#version,
      isolate: this.#isolate,
      at: iso(this.at),
      durationMs: round(this.#endedAt - this.#cameAt),
      split: this.#split(),
      ok: this.#error === null,
      code: this.#error?.code ?? null,
      message: this.#error?.message.slice(0, longestMessage) ?? null,
      argumentBytes: this.argumentBytes,
      resultBytes: this.#resultBytes,
      arguments: this.arguments,
    }
  }

  #split(): CallRow['split'] {
    const queueMs = round((this.#beganAt ?? this.#endedAt) - this.#cameAt)
    if (this.#beganAt === null || this.#timings === undefined) return { queueMs, hopMs: null, runMs: null, storageMs: null, dataMs: null }
    const { runMs, storageMs, dataMs } = this.#timings
    const hopMs = round(Math.max(0, this.#endedAt - this.#beganAt - runMs))
    return { queueMs, hopMs, runMs: round(runMs), storageMs: round(storageMs), dataMs: round(dataMs) }
  }
}

/** Which of the calls that are kept. `after`: only those that ended after the one of that number. */
export interface CallsWanted {
  slow: boolean
  session: string | null
  after: number
  limit: number
}

/** The last calls of the project, and the last slow ones: as many of each as `limits.callLog` says. Lost with the server. */
export class CallLog {
  readonly #ports: LogPorts
  readonly #recent = new Ring()
  readonly #slow = new Ring()
  #last = 0

  constructor(ports: LogPorts) {
    this.#ports = ports
  }

  /** Null where the project's settings say that calls are not logged: nothing is measured then. */
  come(session: Session, process: Process, coming: Coming): LoggedCall | null {
    if (!process.version.package.facts.callLog.enabled) return null
    return new LoggedCall(session, process, { coming, clock: this.#ports.clock })
  }

  end(call: LoggedCall, outcome: RunOutcome): void {
    const { bus, clock } = this.#ports
    this.#last += 1
    call.end(outcome, { number: this.#last, now: clock.elapsed() })
    this.#recent.add(call)
    if (call.isSlow) this.#slow.add(call)
    if (!call.began && !outcome.ok && bus.hears('call.refused'))
      bus.emit({ name: 'call.refused', sessionId: call.sessionId, processId: call.processId, method: call.method, code: outcome.error.code })
  }

  /** Newest first. */
  list({ slow, session, after, limit }: CallsWanted, iso: (at: number) => string): CallRow[] {
    const rows: CallRow[] = []
    for (const call of (slow ? this.#slow : this.#recent).newestFirst()) {
      if (rows.length >= limit || call.number <= after) break
      if (session === null || call.sessionId === session) rows.push(call.row(iso))
    }
    return rows
  }
}

/** Keeps the last so many; a place is taken again, never moved. */
class Ring {
  readonly #places: LoggedCall[] = []
  #next = 0

  add(call: LoggedCall): void {
    this.#places[this.#next] = call
    this.#next = (this.#next + 1) % limits.callLog
  }

  *newestFirst(): Generator<LoggedCall> {
    const { length } = this.#places
    for (let back = 1; back <= length; back++) {
      const call = this.#places[(this.#next - back + length) % length]
      if (call !== undefined) yield call
    }
  }
}

const longestMessage = 500

/** To a microsecond. */
const round = (ms: number): number => Math.round(ms * 1000) / 1000
