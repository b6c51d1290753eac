import type { SessionStateName } from '@tessera/protocol'
import { expect, test } from 'vitest'
import { checkMove, type SessionState } from './session-state.ts'

const states: Record<SessionStateName, SessionState> = {
  opening: { name: 'opening' },
  active: { name: 'active', connection: 1 },
  postponed: { name: 'postponed', since: 0, removedAt: 1 },
  sleeping: { name: 'sleeping', since: 0, removedAt: 1 },
  unreachable: { name: 'unreachable', since: 0, removedAt: 1 },
  draining: { name: 'draining', since: 0 },
  closed: { name: 'closed', code: 'SESSION_ENDED', reason: '', at: 0 },
}
const names = Object.keys(states) as SessionStateName[]
const legal: [SessionStateName, SessionStateName][] = [
  ['opening', 'active'],
  ['opening', 'postponed'],
  ['opening', 'sleeping'],
  ['opening', 'unreachable'],
  ['opening', 'closed'],
  ['active', 'active'],
  ['active', 'postponed'],
  ['active', 'sleeping'],
  ['active', 'unreachable'],
  ['active', 'draining'],
  ['active', 'closed'],
  ['postponed', 'active'],
  ['postponed', 'draining'],
  ['postponed', 'closed'],
  ['sleeping', 'active'],
  ['sleeping', 'draining'],
  ['sleeping', 'closed'],
  ['unreachable', 'active'],
  ['unreachable', 'draining'],
  ['unreachable', 'closed'],
  ['draining', 'closed'],
]
const moves = names.flatMap((from) => names.map((to) => ({ from, to })))

test.each(moves)('S3 $from to $to is legal or refused', ({ from, to }) => {
  const move = (): void => checkMove(states[from], states[to])
  if (legal.some(([a, b]) => a === from && b === to)) expect(move).not.toThrow()
  else expect(move).toThrow(expect.objectContaining({ code: from === 'closed' ? 'SESSION_ENDED' : 'ILLEGAL_STATE' }))
})
