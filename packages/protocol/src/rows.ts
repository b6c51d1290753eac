/**
 * The shapes in which sessions, processes, versions and the rest are shown: by the CLI with `--json`, by tRPC, by the
 * console's live views. Instants are ISO 8601 with milliseconds and Z; durations carry their unit in the name.
 */
export type SessionKind = 'remote' | 'storedProcedures' | 'standalone' | 'web'
export type SessionStateName = 'opening' | 'active' | 'unreachable' | 'draining' | 'closed'

export interface SessionRow {
  id: string
  kind: SessionKind
  userName: string
  machineName: string
  address: string
  state: SessionStateName
  version: { id: string; digest: string; outdated: boolean }
  /** Names held, inclusions expanded, sorted. */
  privileges: string[]
  /** How many processes live in the session. */
  processes: number
  createdAt: string
  lastActivityAt: string
  /** Since when the client does not answer; null while it does. */
  unreachableSince: string | null
  /** When an unreachable session will be closed; null otherwise. */
  removedAt: string | null
  /** The forced reload that waits for the client, if any. */
  pendingReload: { version: string; deadlineAt: string; reason: string } | null
  /** Whether the session takes a licence. */
  counted: boolean
  calls: number
  errors: number
}

export interface SessionDetail extends SessionRow {
  systemUserName: string
  hostType: string
  storageClock: number
  storageBytes: number
  /** Names as they were set, inclusions not expanded. */
  privilegesSet: string[]
  processList: ProcessRow[]
}

export type ProcessKind = 'twin' | 'storedProcedure' | 'databaseMethod'
export type ProcessState = 'idle' | 'executing' | 'waiting' | 'ended' | 'failed'

export interface ProcessRow {
  id: string
  number: number
  sessionId: string
  kind: ProcessKind
  name: string
  state: ProcessState
  /** The method that runs now, or null. */
  method: string | null
  /** When the running method began; when nothing runs, when the process was opened. */
  startedAt: string
  calls: number
  errors: number
  /** CPU time that it used; null where the host does not tell its processes apart. */
  cpuMs: number | null
  /** Calls that wait for their turn. */
  queued: number
  /** The isolate that hosts it, or null before the first call. */
  isolate: string | null
  /** Stored procedures only: 0..1, and what the procedure last said. */
  progress: { fraction: number; text: string } | null
  /** Stored procedures that ended: the result as storable text, or the error. */
  result: { ok: true; value: string } | { ok: false; code: string; message: string } | null
}

export interface StorageSlotRow {
  slot: string
  /** The value as storable text (see storable.ts). */
  text: string
  clock: number
  bytes: number
  changedAt: string
  /** Who wrote it last, for people: a user, `console (admin)`, a stored procedure. */
  changedBy: string
}

export interface StorageRows {
  session: string
  clock: number
  bytes: number
  quotaBytes: number
  slots: StorageSlotRow[]
}

export type VersionStateName = 'ready' | 'ramping' | 'current' | 'draining' | 'retired' | 'rejected'

export interface VersionRow {
  id: string
  digest: string
  state: VersionStateName
  publishedAt: string
  /** Size of the whole package. */
  bytes: number
  /** Live sessions pinned to it. */
  sessions: number
  /** What made it: `start`, `reload`, who asked. */
  publishedBy: string
  methods: number
  isolates: number
}

/** What could not become a version, and why: shown until a later publish succeeds. */
export interface RejectedBuild {
  at: string
  by: string
  problems: readonly import('./problem.ts').Problem[]
}

export interface MethodRow {
  name: string
  onServer: boolean
  exposed: boolean
}

export interface ServerRow {
  project: string
  publication: string
  serverId: string
  state: 'starting' | 'running' | 'stopping'
  startedAt: string
  version: { id: string; digest: string } | null
  productVersion: string
  protocolVersion: number
  sessions: Record<SessionKind, number>
  outdated: number
  maxClients: number | null
  rejectedBuild: RejectedBuild | null
}

export interface DirectoryUserRow {
  name: string
  alias?: string
  groups: string[]
  enabled: boolean
  hasPassword: boolean
  lastSeenAt: string | null
}

export interface DirectoryGroupRow {
  name: string
  users: string[]
  groups: string[]
}

export interface CatalogRow {
  revision: number
  tables: CatalogTable[]
  relations: CatalogRelation[]
  indexes: CatalogIndex[]
}

export interface CatalogTable {
  name: string
  number: number
  fields: CatalogField[]
  /** Field names, in key order. */
  primaryKey: string[]
}

export const fieldTypes = ['boolean', 'int16', 'int32', 'int64', 'real', 'date', 'time', 'string', 'text', 'uuid', 'object', 'blob', 'picture'] as const
export type FieldType = (typeof fieldTypes)[number]

export interface CatalogField {
  name: string
  number: number
  type: FieldType
  /** `string` only: most characters. */
  length?: number
  notNull?: boolean
  unique?: boolean
  autoIncrement?: boolean
  autoUuid?: boolean
}

export interface CatalogRelation {
  name: string
  from: { table: string; field: string }
  to: { table: string; field: string }
  onDelete: 'none' | 'delete' | 'reject'
}

export interface CatalogIndex {
  name: string
  table: string
  fields: string[]
  unique: boolean
}

export type Role = 'viewer' | 'operator' | 'admin'
export const roles: readonly Role[] = ['viewer', 'operator', 'admin']

export interface TokenRow {
  name: string
  role: Role
  createdAt: string
  lastUsedAt: string | null
  /** First six characters of the token's hash: enough to tell two apart, useless to sign in. */
  fingerprint: string
}

export interface AuditRow {
  number: number
  at: string
  who: string
  role: Role | 'system'
  act: string
  target: string
  reason: string
  ok: boolean
  /** The error code of an act that failed. */
  code: string | null
}

/** What a bulk act answers: one result for each target. */
export interface ActResult {
  results: { id: string; ok: boolean; error?: { code: string; message: string } }[]
  /** The job that carries on, for acts that outlive their request. */
  job: string | null
}

export interface Page<Row> {
  rows: Row[]
  /** How many there are at all. */
  total: number
  /** How many match the filter. */
  matching: number
  /** Give it back to read on; null at the end. */
  cursor: string | null
}

/** Who is signed in to the console. */
export interface OperatorRow {
  name: string
  role: Role
  serverId: string
  project: string
}
