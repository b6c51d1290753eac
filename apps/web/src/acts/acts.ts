import type { SessionQuery, SessionRow } from '@tessera/protocol'

export type ActName = 'message' | 'reload' | 'end' | 'disconnect'
export const actNames: readonly ActName[] = ['message', 'reload', 'end', 'disconnect']

/** On whom to act: rows that were picked, or whatever matches when the server gets to it. */
export type ActTarget = { kind: 'rows'; rows: readonly SessionRow[] } | { kind: 'matching'; query: SessionQuery }

/** What the operator adds; each act takes its part of it. */
export interface ActDraft {
  reason: string
  graceSeconds: number
}

export const takesGrace = (act: ActName): boolean => act === 'reload' || act === 'end'

/** Closes sessions: red, and never the first button. */
export const isDestructive = (act: ActName): boolean => act === 'end' || act === 'disconnect'

export type WireTarget = { ids: string[] } | { match: SessionQuery }

export const wireTarget = (target: ActTarget): WireTarget => (target.kind === 'rows' ? { ids: target.rows.map(({ id }) => id) } : { match: target.query })
