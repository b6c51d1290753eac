import { type ErrorCode, type SessionStateName, TesseraError } from '@tessera/protocol'

/** Where a session is in its life. */
export type SessionState =
  | { name: 'opening' }
  | { name: 'active'; connection: number }
  /** Its idle connection was given up by agreement; the next request brings it back (4d.md SES-51). */
  | { name: 'postponed'; since: number; removedAt: number }
  /** Its machine said that it goes to sleep (4d.md SLP-01). */
  | { name: 'sleeping'; since: number; removedAt: number }
  /** The client does not answer; the session is kept until `removedAt` (4d.md SLP-10, SLP-11). */
  | { name: 'unreachable'; since: number; removedAt: number }
  /** Takes no new calls and nobody back; closes when the running ones are done. */
  | { name: 'draining'; since: number }
  | { name: 'closed'; code: ErrorCode; reason: string; at: number }

/** The only moves there are. */
const legal: Readonly<Record<SessionStateName, readonly SessionStateName[]>> = {
  // Put back after a restart, a session waits for its client from the start.
  opening: ['active', 'postponed', 'sleeping', 'unreachable', 'closed'],
  active: ['active', 'postponed', 'sleeping', 'unreachable', 'draining', 'closed'],
  postponed: ['active', 'draining', 'closed'],
  sleeping: ['active', 'draining', 'closed'],
  unreachable: ['active', 'draining', 'closed'],
  draining: ['closed'],
  closed: [],
}

/** @throws TesseraError `ILLEGAL_STATE`, or `SESSION_ENDED` for a session that has closed. */
export const checkMove = (from: SessionState, to: SessionState): void => {
  if (legal[from.name].includes(to.name)) return
  if (from.name === 'closed') throw new TesseraError('SESSION_ENDED', 'The session has ended.')
  throw new TesseraError('ILLEGAL_STATE', `A session cannot go from ${from.name} to ${to.name}.`)
}
