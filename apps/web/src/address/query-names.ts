import type { SessionChip, SessionSort } from '@tessera/protocol'

export type { SessionChip, SessionQuery, SessionSort } from '@tessera/protocol'

type SortColumn = SessionSort['column']

// The protocol's own lists come with the schemas and zod behind them; these records cost nothing, and the compiler
// refuses them as soon as one name is missing or too many.
const chips: Record<SessionChip, true> = {
  remote: true,
  storedProcedures: true,
  standalone: true,
  web: true,
  counted: true,
  outdated: true,
  postponed: true,
  sleeping: true,
  unreachable: true,
}
const columns: Record<SortColumn, true> = {
  userName: true,
  machineName: true,
  address: true,
  kind: true,
  state: true,
  version: true,
  createdAt: true,
  lastActivityAt: true,
  calls: true,
}

const keysOf = <Key extends string>(record: Record<Key, true>): Key[] => Object.keys(record).filter((key): key is Key => key in record)

export const sessionChips: readonly SessionChip[] = keysOf(chips)
export const sessionSortColumns: readonly SortColumn[] = keysOf(columns)
