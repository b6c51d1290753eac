import { type CallRow, type ErrorBody, limits, type Payload, toErrorBody } from '@tessera/protocol'
import type { Ports } from '../ports/index.ts'
import type { RunOutcome, RunTimings } from '../ports/isolate-host.ts'
import type { Session } from '../session/session.ts'
import { excerptOf } from './excerpt.ts'
import type { Process } from './process.ts'

type LogPorts = Pick<Ports, 'bus' | 'clock'>

/** A call that ended, as whoever ran it knows it. */
export interface EndedCall {
  session: Session
  process: Process
  work: { target: { name: string }; args: Payload; request?: string | undefined }
  outcome: RunOutcome
  /** By `clock.elapsed()`; null: its turn never came. */
  cameAt: number
  beganAt: number | null
}

/** A call as its caller said it, and why it is refused. */
export interface RefusedCall {
  method: string
  args: Payload
  request?: string | undefined
  error: unknown
}

/** What is kept of a call: numbers, and texts that were there already. Nothing is worked out before somebody looks. */
interface LoggedCall extends Omit<CallRow, 'at' | 'durationMs' | 'split' | 'ok' | 'code' | 'message'> {
  at: number
  durationMs: number
  queueMs: number
  timings: RunTimings | undefined
  error: ErrorBody | null
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

  /** Not asked where the project's settings say that calls are not logged. */
  note({ session, process, work, outcome, cameAt, beganAt }: EndedCall): void {
    const { bus, clock } = this.#ports
    const { callLog } = process.version.package.facts
    const durationMs = clock.elapsed() - cameAt
    this.#last += 1
    const call: LoggedCall = {
      number: this.#last,
      request: work.request ?? (beganAt === null ? '' : (process.lastCall ?? '')),
      sessionId: process.sessionId,
      userName: session.user.name,
      processId: process.id,
      process: process.name,
      method: work.target.name,
      version: process.version.id,
      isolate: outcome.isolate,
      at: clock.now() - durationMs,
      durationMs,
      queueMs: beganAt === null ? durationMs : beganAt - cameAt,
      timings: outcome.timings,
      error: outcome.ok ? null : outcome.error,
      argumentBytes: work.args.length,
      resultBytes: outcome.ok ? outcome.value.length : 0,
      arguments: callLog.arguments ? excerptOf(work.args) : null,
    }
    this.#recent.add(call)
    if (durationMs >= callLog.slowMs) this.#slow.add(call)
    if (beganAt === null && call.error !== null && bus.hears('call.refused'))
      bus.emit({ name: 'call.refused', sessionId: session.id, processId: process.id, method: call.method, code: call.error.code })
  }

  /** Notes a call that came to no process, and answers why. `process`: the one that it was meant for; null where there is none. */
  refuse(session: Session, process: Process | null, { method, args, request, error }: RefusedCall): unknown {
    if (process?.version.package.facts.callLog.enabled !== true) return error
    const outcome: RunOutcome = { ok: false, isolate: null, error: toErrorBody(error) }
    const work = { target: { name: method.slice(0, longestMethod) }, args, request }
    this.note({ session, process, work, outcome, cameAt: this.#ports.clock.elapsed(), beganAt: null })
    return error
  }

  /** Newest first. */
  list({ slow, session, after, limit }: CallsWanted, iso: (at: number) => string): CallRow[] {
    const rows: CallRow[] = []
    for (const call of (slow ? this.#slow : this.#recent).newestFirst()) {
      if (rows.length >= limit || call.number <= after) break
      if (session === null || call.sessionId === session) rows.push(rowOf(call, iso))
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

const rowOf = ({ at, durationMs, queueMs, timings, error, ...call }: LoggedCall, iso: (at: number) => string): CallRow => ({
  ...call,
  at: iso(at),
  durationMs: round(durationMs),
  split: { queueMs: round(queueMs), ...splitOf(durationMs - queueMs, timings) },
  ok: error === null,
  code: error?.code ?? null,
  message: error?.message.slice(0, longestMessage) ?? null,
})

const splitOf = (carriedMs: number, timings: RunTimings | undefined): Omit<CallRow['split'], 'queueMs'> => {
  if (timings === undefined) return { hopMs: null, runMs: null, storageMs: null, dataMs: null }
  const { runMs, storageMs, dataMs } = timings
  return { hopMs: round(Math.max(0, carriedMs - runMs)), runMs: round(runMs), storageMs: round(storageMs), dataMs: round(dataMs) }
}

const longestMessage = 500
const longestMethod = 100

/** To a microsecond. */
const round = (ms: number): number => Math.round(ms * 1000) / 1000
