import { limits, type Payload, TesseraError } from '@tessera/protocol'
import type { Session } from '../session/session.ts'

/** A session's calls that wait may hold so many times the payload limit (SPEC P9). */
const waitingPayloads = 16
/** What a waiting call takes besides its arguments, roughly. */
const callBytes = 500
/** Sooner than this nothing will have changed. */
const retryAfterMs = 1000

/**
 * Room for one more call that is not answered yet: in number (SPEC P30) and in memory (SPEC P9). Whoever takes it gives it back.
 * @throws TesseraError `TOO_MANY_CALLS`.
 */
export const takeRoom = (session: Session, args: Payload, payloadBytes: number): number => {
  const bytes = args.length + callBytes
  if (session.waitingCalls >= limits.waitingCalls || session.waitingBytes + bytes > waitingPayloads * (payloadBytes + callBytes)) throw tooMany(session)
  session.waitingCalls += 1
  session.waitingBytes += bytes
  return bytes
}

export const giveRoom = (session: Session, bytes: number): void => {
  session.waitingCalls -= 1
  session.waitingBytes -= bytes
}

const tooMany = ({ waitingCalls }: Session): TesseraError =>
  new TesseraError('TOO_MANY_CALLS', `${waitingCalls.toLocaleString('en')} calls of this session wait already: wait for answers before asking more.`, {
    retryAfterMs,
  })
