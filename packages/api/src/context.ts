import type { Actor, Engine } from '@tessera/core'

export type Operator = Extract<Actor, { kind: 'operator' }>

/** What an HTTP request brings along. */
export interface Context {
  engine: Pick<Engine, 'dispatch' | 'reads'>
  /** Who asks; null before signing in. */
  operator: Operator | null
  /** The bearer secret that the request carried, for signing out. */
  token: string | null
  /** Address of the other end, for throttling and the record. */
  address: string
  /** Keeps the console signed in, or signs it out (null). */
  keepSignedIn(session: { token: string; expiresAt: string } | null): void
}
