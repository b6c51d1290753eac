import { TesseraError } from '@tessera/protocol'
import type { SessionId } from '../ids.ts'
import type { Clock } from '../ports/clock.ts'
import type { RunOutcome } from '../ports/isolate-host.ts'
import { CallStop, stoppable } from './call-stop.ts'
import { startDeadline } from './deadline.ts'
import type { CallOutcome } from './executor.ts'

/** What may end a call before it is done. */
export interface Stoppable {
  sessionId: SessionId
  /** Under which its caller may cancel it. */
  request?: string | undefined
  deadlineMs: number | null
}

type Carry = (stop?: CallStop) => Promise<RunOutcome>

/** Calls that are not answered yet and may be stopped: by their deadline (SPEC P21), or by their caller (SPEC P23, P24). */
export class OpenCalls {
  readonly #clock: Clock
  readonly #byRequest = new Map<string, CallStop>()
  /** Requests that stand for another one's call. */
  readonly #joined = new Map<string, string>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Carries a call out; one that nothing may stop costs nothing here. @throws TesseraError it was stopped with, at once. */
  run(call: Stoppable, carry: Carry): Promise<RunOutcome> {
    if (call.request === undefined && call.deadlineMs === null) return carry()
    return stoppable((stop) => this.#watched(call, stop, carry))
  }

  /** What has ended or never was is no error. */
  cancel(sessionId: SessionId, request: string): void {
    const name = nameOf(sessionId, request)
    this.#byRequest.get(this.#joined.get(name) ?? name)?.stop(new TesseraError('CALL_CANCELLED', 'The caller cancelled the call.'))
  }

  /**
   * While that outcome is awaited, the call of the first request answers to the other one too, which has a deadline of its own.
   * @throws TesseraError `DEADLINE_EXCEEDED`.
   */
  async join(
    sessionId: SessionId,
    { first, other, deadlineMs }: Readonly<Record<'first' | 'other', string | undefined>> & Pick<Stoppable, 'deadlineMs'>,
    ended: Promise<CallOutcome>,
  ): Promise<CallOutcome> {
    const outcome = deadlineMs === null ? ended : this.#inTime(deadlineMs, ended)
    if (first === undefined || other === undefined || other === first) return outcome
    const name = nameOf(sessionId, other)
    this.#joined.set(name, nameOf(sessionId, first))
    try {
      return await outcome
    } finally {
      this.#joined.delete(name)
    }
  }

  /** @throws TesseraError `DEADLINE_EXCEEDED`: whoever waits hears so, and what it waits for goes on. */
  #inTime(deadlineMs: number, outcome: Promise<CallOutcome>): Promise<CallOutcome> {
    return new Promise((resolve, reject) => {
      const endTimer = startDeadline(this.#clock, deadlineMs, new CallStop(reject))
      outcome.then(resolve, reject).finally(endTimer)
    })
  }

  async #watched({ sessionId, request, deadlineMs }: Stoppable, stop: CallStop, carry: Carry): Promise<RunOutcome> {
    const endTimer = deadlineMs === null ? null : startDeadline(this.#clock, deadlineMs, stop)
    const leave = request === undefined ? null : this.#add(nameOf(sessionId, request), stop)
    try {
      return await carry(stop)
    } finally {
      endTimer?.()
      leave?.()
    }
  }

  #add(name: string, stop: CallStop): () => void {
    this.#byRequest.set(name, stop)
    return () => {
      if (this.#byRequest.get(name) === stop) this.#byRequest.delete(name)
    }
  }
}

const nameOf = (sessionId: SessionId, request: string): string => `${sessionId} ${request}`
