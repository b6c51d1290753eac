import type { RunOutcome, RunRequest } from '@tessera/core'

/** A run from the moment it is asked for until its caller has the outcome, wherever it goes meanwhile. */
export interface WantedRun {
  readonly request: RunRequest
  /** Null once the caller has its outcome while the method still runs. */
  settle: ((outcome: RunOutcome) => void) | null
  /** What its signal was told, wherever it begins; null: nothing. */
  signalled: string | null
  /** How often an isolate ended before the run had begun there. */
  tries: number
  /** In its isolate: counted from that one's start, as the isolate counts what it is sent. */
  number: number
  /** Runs that its isolate had answered when it was sent there. */
  answeredBefore: number
}

export const wantRun = (request: RunRequest, settle: (outcome: RunOutcome) => void): WantedRun => ({
  request,
  settle,
  signalled: null,
  tries: 0,
  number: 0,
  answeredBefore: 0,
})

export const settleRun = (run: WantedRun, outcome: RunOutcome): void => {
  run.settle?.(outcome)
  run.settle = null
}

export const cancelled = (reason: string, isolate: string | null): RunOutcome => ({ ok: false, error: { code: 'CALL_CANCELLED', message: reason }, isolate })

/** Surely not begun, and not to be tried again here. */
export const notStarted = (why: string, isolate: string | null): RunOutcome => ({
  ok: false,
  error: { code: 'CALL_NOT_STARTED', message: `The call had not started when its isolate ended: ${why}.` },
  isolate,
})
