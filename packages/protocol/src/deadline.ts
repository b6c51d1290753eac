import { TesseraError } from './tessera-error.ts'

/** A day: whatever takes longer is a stored procedure. */
export const longestDeadlineMs = 86_400_000

/** @throws TesseraError `DEADLINE_INVALID` for anything but 1 ms to 24 hours. */
export const checkDeadline = (ms: number): void => {
  if (typeof ms === 'number' && ms >= 1 && ms <= longestDeadlineMs) return
  throw new TesseraError('DEADLINE_INVALID', `A deadline is from 1 to ${longestDeadlineMs.toLocaleString('en')} milliseconds (24 hours), not ${String(ms)}.`)
}
