import type { DriftRow, RejectedBuild, ServerRow } from '@tessera/protocol'
import type { Tone } from '../display/notice.tsx'

/** Something that an operator should know of without having looked for it. */
export type Attention = { tone: Extract<Tone, 'bad' | 'caution' | 'info'> } & (
  | { kind: 'state'; state: 'starting' | 'stopping' }
  | { kind: 'roles' | 'build'; build: RejectedBuild }
  | { kind: 'replayed'; count: number }
  | { kind: 'blocked' | 'quarantined'; count: number }
  | { kind: 'restart'; problems: readonly string[] }
  | { kind: 'unreachable'; count: number }
  | { kind: 'licencesFull' }
  | { kind: 'rejecting' }
  | { kind: 'addressWarnings'; warnings: readonly string[] }
  | { kind: 'drift'; rows: readonly DriftRow[] }
)

/** What was put right longer ago is history. */
const driftShownMs = 86_400_000

/** What needs attention, the worst first; nothing when all is well. */
export const attentionOf = (server: ServerRow, now: number): Attention[] => {
  const { state, rolesProblem, rejectedBuild, replayedOtps, restartProblems, states, licences, entry, drift, isolates } = server
  const lately = drift.filter(({ at }) => now - Date.parse(at) < driftShownMs)
  const found: (Attention | false)[] = [
    rolesProblem !== null && { kind: 'roles', tone: 'bad', build: rolesProblem },
    rejectedBuild !== null && { kind: 'build', tone: 'bad', build: rejectedBuild },
    replayedOtps > 0 && { kind: 'replayed', tone: 'bad', count: replayedOtps },
    isolates.blocked > 0 && { kind: 'blocked', tone: 'bad', count: isolates.blocked },
    restartProblems.length > 0 && { kind: 'restart', tone: 'bad', problems: restartProblems },
    state !== 'running' && { kind: 'state', tone: 'caution', state },
    !entry.accepting && { kind: 'rejecting', tone: 'caution' },
    licences.maximum !== null && licences.used >= licences.maximum && { kind: 'licencesFull', tone: 'caution' },
    isolates.quarantined > 0 && { kind: 'quarantined', tone: 'caution', count: isolates.quarantined },
    states.unreachable > 0 && { kind: 'unreachable', tone: 'caution', count: states.unreachable },
    entry.warnings.length > 0 && { kind: 'addressWarnings', tone: 'caution', warnings: entry.warnings },
    lately.length > 0 && { kind: 'drift', tone: 'info', rows: lately },
  ]
  return found.filter((one) => one !== false)
}
