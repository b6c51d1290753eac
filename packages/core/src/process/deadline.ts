import { checkDeadline, TesseraError } from '@tessera/protocol'
import type { Cancel, Clock } from '../ports/clock.ts'
import type { Version } from '../version/version.ts'
import type { CallStop } from './call-stop.ts'

/**
 * Milliseconds that a call may take, from when the server has it; null: as long as it likes. The most specific counts: the
 * call's own, else its method's, else the project's. No call lengthens what its method's author gave it (SPEC P20).
 * @throws TesseraError `DEADLINE_INVALID`.
 */
export const deadlineOf = (version: Version, method: string, ofCall: number | undefined): number | null => {
  if (ofCall !== undefined) checkDeadline(ofCall)
  const ofMethod = version.methods.get(method)?.deadlineMs ?? null
  if (ofCall === undefined) return ofMethod ?? version.package.facts.execution.deadlineMs
  return ofMethod === null ? ofCall : Math.min(ofCall, ofMethod)
}

/** Stops the call when its time is up, unless it is cancelled before. */
export const startDeadline = (clock: Clock, ms: number, stop: CallStop): Cancel =>
  clock.after(ms, () => stop.stop(new TesseraError('DEADLINE_EXCEEDED', `The call took longer than its deadline of ${ms.toLocaleString('en')} ms.`)))
