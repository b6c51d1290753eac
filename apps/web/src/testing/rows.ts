import type { CallRow, ServerRow, SessionRow, StorageSlotRow } from '@tessera/protocol'

/** A plausible session, with what a test cares about. */
export const sessionRow = (row: Partial<SessionRow> = {}): SessionRow => ({
  id: 'A',
  kind: 'remote',
  userName: 'ana',
  machineName: 'till-1',
  address: '10.0.0.1',
  state: 'active',
  version: { id: '20261012.2', digest: 'bb', outdated: false },
  privileges: [],
  processes: 1,
  createdAt: '2026-10-12T08:00:00.000Z',
  lastActivityAt: '2026-10-12T08:30:00.000Z',
  stateSince: '2026-10-12T08:00:00.000Z',
  unreachableSince: null,
  removedAt: null,
  pendingReload: null,
  waitingMessages: 0,
  counted: true,
  calls: 0,
  errors: 0,
  ...row,
})

export const slotRow = (slot: string, row: Partial<StorageSlotRow> = {}): StorageSlotRow => ({
  slot,
  text: '1',
  clock: 1,
  bytes: 1,
  changedAt: '2026-10-12T08:30:00.000Z',
  changedBy: 'ana',
  ...row,
})

/** A server with which all is well. */
export const serverRow = (row: Partial<ServerRow> = {}): ServerRow => ({
  project: 'Shop',
  publication: 'shop',
  serverId: 'S',
  state: 'running',
  startedAt: '2026-10-12T07:00:00.000Z',
  version: { id: '20261012.2', digest: 'bb' },
  productVersion: '0.2.0',
  protocolVersion: 2,
  sessions: { remote: 3, storedProcedures: 1, standalone: 0, web: 0 },
  states: { opening: 0, active: 4, postponed: 0, sleeping: 0, unreachable: 0, draining: 0, closed: 0 },
  outdated: 0,
  replayedOtps: 0,
  licences: { maximum: null, used: 3, remote: 3, web: 0 },
  entry: { accepting: true, message: '', addresses: [], warnings: [] },
  rolesProblem: null,
  drift: [],
  restartProblems: [],
  rejectedBuild: null,
  isolates: { total: 2, blocked: 0, quarantined: 0 },
  callLog: { enabled: true, slowMs: 1000, arguments: false },
  ...row,
})

/** A call that went well. */
export const callRow = (number: number, row: Partial<CallRow> = {}): CallRow => ({
  number,
  request: `r-${number}`,
  sessionId: 'A',
  userName: 'ana',
  processId: 'p1',
  process: 'main',
  method: 'orders/place',
  version: '20261012.2',
  isolate: 'bb/1',
  at: '2026-10-12T08:30:00.000Z',
  durationMs: 5,
  split: { queueMs: 0, hopMs: 1, runMs: 4, storageMs: 2, dataMs: 0 },
  ok: true,
  code: null,
  message: null,
  argumentBytes: 10,
  resultBytes: 4,
  arguments: null,
  ...row,
})
