import { TesseraError } from '@tessera/protocol'
import type { IdleSweep } from '../session/idle-sweep.ts'
import type { Session } from '../session/session.ts'
import type { Sessions } from '../session/sessions.ts'
import { countsPartName } from './otp.ts'
import type { WebKeys } from './web-keys.ts'

interface Rooms {
  sessions: Sessions
  keys: WebKeys
  sweep: IdleSweep
}

/**
 * Puts a session's one-time tokens and shares back from what the journal kept of them; parts of other kinds are left alone.
 * A share counts as used just now: its browser had no way to use it while the server was down.
 * @throws TesseraError `JOURNAL_DAMAGED` for a part that cannot be read; the session is then to be left out whole.
 */
export const restoreOtps = ({ sessions, keys, sweep }: Rooms, session: Session, parts: ReadonlyMap<string, string>): void => {
  for (const [part, text] of parts) {
    const [kind, hash = ''] = part.split(':')
    if (part === countsPartName) session.otps.restoreCounts(readCounts(parsePart(part, text)))
    else if (kind === 'otp') restoreOtp(session, hash, parsePart(part, text))
    else if (kind === 'share') keys.add(session, 'share', { hash, ...readShare(parsePart(part, text)) })
    if (kind === 'otp' && part !== countsPartName) sessions.setOtp(hash, session)
  }
  if (sessions.hasTokens) sweep.arm()
}

type Fields = Record<string, unknown> & { part: string }

const restoreOtp = ({ otps }: Session, hash: string, fields: Fields): void => {
  if (fields['state'] === 'used') otps.markUsed(hash)
  else
    otps.add({ hash, purpose: 'web-share', path: fields['path'] === null ? null : text(fields, 'path'), expiresAt: number(fields, 'expiresAt'), taking: null })
}

const readCounts = (fields: Fields) => ({
  issued: number(fields, 'issued'),
  redeemed: number(fields, 'redeemed'),
  expired: number(fields, 'expired'),
  replayed: number(fields, 'replayed'),
})

const readShare = (fields: Fields) => ({ address: text(fields, 'address'), userAgent: text(fields, 'userAgent'), since: number(fields, 'since') })

const parsePart = (part: string, written: string): Fields => {
  try {
    const parsed: unknown = JSON.parse(written)
    if (typeof parsed === 'object' && parsed !== null) return { ...parsed, part }
  } catch (cause) {
    throw damaged(part, cause)
  }
  throw damaged(part)
}

const number = (fields: Fields, name: string): number => {
  const value = fields[name]
  if (typeof value !== 'number') throw damaged(fields.part)
  return value
}

const text = (fields: Fields, name: string): string => {
  const value = fields[name]
  if (typeof value !== 'string') throw damaged(fields.part)
  return value
}

const damaged = (part: string, cause?: unknown): TesseraError =>
  new TesseraError('JOURNAL_DAMAGED', `The part ${part.slice(0, 12)} of a session cannot be read.`, { cause })
