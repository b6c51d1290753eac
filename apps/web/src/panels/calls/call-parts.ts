import type { CallRow } from '@tessera/protocol'

export const callParts = ['queue', 'hop', 'run', 'storage', 'data'] as const
export type CallPart = (typeof callParts)[number]

/** One part of a call's time. `share`: of the whole call, 0..1. */
export interface PartOfCall {
  part: CallPart
  ms: number
  share: number
}

/**
 * Where a call's time went, part by part, in the order in which it passes them. Storage and data are waited for by running
 * code: what is left of its time is the code's own. Parts that were not measured are left out.
 */
export const partsOf = ({ durationMs, split }: Pick<CallRow, 'durationMs' | 'split'>): PartOfCall[] => {
  const { queueMs, hopMs, runMs, storageMs, dataMs } = split
  const own = runMs === null ? null : Math.max(0, runMs - (storageMs ?? 0) - (dataMs ?? 0))
  const times: Record<CallPart, number | null> = { queue: queueMs, hop: hopMs, run: own, storage: storageMs, data: dataMs }
  // Waits that overlap are each counted whole: together they may be longer than the call.
  const whole = Math.max(
    durationMs,
    callParts.reduce((sum, part) => sum + (times[part] ?? 0), 0),
  )
  return callParts.flatMap((part) => {
    const ms = times[part]
    return ms === null ? [] : [{ part, ms, share: whole === 0 ? 0 : ms / whole }]
  })
}
