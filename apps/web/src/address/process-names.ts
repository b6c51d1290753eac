import type { ProcessChip, ProcessSort } from '@tessera/protocol'

// As in query-names.ts: the protocol's own lists would bring zod with them.
const chips: Record<ProcessChip, true> = { executing: true, waiting: true, paused: true, twin: true, storedProcedure: true, web: true }
const columns: Record<ProcessSort['column'], true> = {
  number: true,
  name: true,
  userName: true,
  kind: true,
  state: true,
  method: true,
  startedAt: true,
  cpuUsage: true,
  queued: true,
  calls: true,
}

const keysOf = <Key extends string>(record: Record<Key, true>): Key[] => Object.keys(record).filter((key): key is Key => key in record)

export const processChips: readonly ProcessChip[] = keysOf(chips)
export const processSortColumns: readonly ProcessSort['column'][] = keysOf(columns)
