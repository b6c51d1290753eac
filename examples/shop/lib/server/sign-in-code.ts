import { createHash, randomInt, timingSafeEqual } from 'node:crypto'
import { type Storable, z } from '@tessera/kit'

const lifespanMs = 5 * 60_000
const tries = 5

const waiting = z.object({ email: z.string(), codeHash: z.string(), expiresAt: z.date(), triesLeft: z.number().int() })
export type WaitingSignIn = z.infer<typeof waiting>

/** A code of six digits, and what is kept of it: storage is shown to administrators, so the code itself is not in it. */
export const newSignIn = (email: string, sessionId: string): { code: string; waiting: WaitingSignIn } => {
  const code = String(randomInt(1_000_000)).padStart(6, '0')
  return { code, waiting: { email, codeHash: hashOf(code, sessionId), expiresAt: new Date(Date.now() + lifespanMs), triesLeft: tries } }
}

export const waitingIn = (slot: Storable | undefined): WaitingSignIn | null => waiting.safeParse(slot).data ?? null

export type Verdict = 'right' | 'wrong' | 'expired' | 'none'

export const judge = (found: WaitingSignIn | null, code: string, sessionId: string): Verdict => {
  if (found === null) return 'none'
  if (found.expiresAt.getTime() < Date.now() || found.triesLeft <= 0) return 'expired'
  return timingSafeEqual(Buffer.from(hashOf(code, sessionId)), Buffer.from(found.codeHash)) ? 'right' : 'wrong'
}

const hashOf = (code: string, sessionId: string): string => createHash('sha256').update(`${sessionId}:${code}`).digest('hex')
