import type { ErrorBody } from './tessera-error.ts'

/**
 * The shapes in which sessions, processes, versions and the rest are shown: by the CLI with `--json`, by tRPC, by the
 * console's live views. Instants are ISO 8601 with milliseconds and Z; durations carry their unit in the name.
 */
export type SessionKind = 'remote' | 'storedProcedures' | 'standalone' | 'web'
export type SessionStateName = 'opening' | 'active' | 'postponed' | 'sleeping' | 'unreachable' | 'draining' | 'closed'

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
  /** Since when the session is in its state. */
  stateSince: string
  /** Since when the client does not answer; null while it does. */
  unreachableSince: string | null
  /** When a session whose client is away (unreachable, sleeping, postponed) will be closed; null otherwise. */
  removedAt: string | null
  /** The forced reload that waits for the client, if any. */
  pendingReload: { version: string; deadlineAt: string; reason: string } | null
  /** Messages that its client has not received yet. */
  waitingMessages: number
  /** Whether the session takes a licence. */
  counted: boolean
  calls: number
  errors: number
}

export interface SessionDetail extends SessionRow {
  systemUserName: string
  hostType: string
  /** The server was restarted and the session put back since its client signed in. */
  restored: boolean
  /** One-time tokens of this session, by what became of them; `live` can still be redeemed. */
  otps: OtpCounts
  /** Browsers that share it (4d.md OTP-10). */
  shares: WebShareRow[]
  /** Web sessions only. */
  web: { guest: boolean; idleTimeoutMinutes: number; expirationDate: string } | null
  storageClock: number
  storageBytes: number
  /** Names as they were set, inclusions not expanded. */
  privilegesSet: string[]
  processList: ProcessRow[]
}

export interface OtpCounts {
  live: number
  issued: number
  redeemed: number
  expired: number
  /** Tokens that somebody tried to use a second time: possibly a theft. */
  replayed: number
}

/** A browser that entered a desktop session with a one-time token: it ends with it. */
export interface WebShareRow {
  /** First six characters of its token's hash. */
  fingerprint: string
  address: string
  userAgent: string
  since: string
  lastUsedAt: string
}

export type ProcessKind = 'twin' | 'storedProcedure' | 'databaseMethod' | 'web'
/** `waiting`: for its turn or its isolate; `paused`: takes no calls until it is activated (4d.md PRC-47). */
export type ProcessState = 'idle' | 'executing' | 'waiting' | 'paused' | 'ended' | 'failed'

export interface ProcessRow {
  id: string
  number: number
  sessionId: string
  /** Of the session. */
  userName: string
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
  /** Its share of one core over the last seconds, 0..1 (4d.md PRC-46). */
  cpuUsage: number | null
  /** Calls that wait for their turn. */
  queued: number
  /** The isolate that hosts it, or null before the first call. */
  isolate: string | null
  /** Stored procedures only: 0..1, and what the procedure last said. */
  progress: { fraction: number; text: string } | null
  /** Stored procedures that were told to end: why, perhaps empty. */
  cancelled: string | null
  /** Stored procedures that ended: the result as storable text, or the error. */
  result: { ok: true; value: string } | { ok: false; code: string; message: string } | null
}

/** Where project code runs (2-architecture, decision 2). */
export interface IsolateRow {
  id: string
  /** The version whose code it runs. */
  version: string | null
  pid: number | null
  /** `blocked`: it does not answer; `retiring`: its version is no longer wanted. */
  state: 'loading' | 'ready' | 'blocked' | 'retiring'
  host: 'process' | 'thread' | 'inline'
  sessions: number
  callsRunning: number
  /** Share of its time in which its event loop was busy, over the last seconds, 0..1. */
  busy: number | null
  rssBytes: number | null
  heapBytes: number | null
  /** The one session that it is kept for: its call blocked another isolate. */
  quarantined: { sessionId: string; method: string; since: string; why: string } | null
  /** What it was found to be stuck in. */
  stuckIn: { sessionId: string; processId: string; method: string; sinceMs: number } | null
}

/** One call as the log of calls keeps it. */
export interface CallRow {
  /** Of this server, in the order in which they ended. */
  number: number
  /** The client's id of it, else the server's own. */
  request: string
  sessionId: string
  userName: string
  processId: string
  process: string
  method: string
  version: string
  isolate: string | null
  at: string
  durationMs: number
  /** Where the time went; the parts that were not measured are null. */
  split: { queueMs: number; hopMs: number | null; runMs: number | null; storageMs: number | null; dataMs: number | null }
  ok: boolean
  /** Of a call that failed. */
  code: string | null
  message: string | null
  argumentBytes: number
  resultBytes: number
  /** Only where the project's settings say that arguments are logged; cut at 500 characters. */
  arguments: string | null
}

/** A line of `schedules` in tessera.json. */
export interface ScheduleRow {
  name: string
  cron: string
  timeZone: string | null
  method: string
  nextAt: string | null
  last: { at: string; processId: string; ok: boolean | null; message: string | null } | null
  /** Times that were left out since the procedure of the time before still ran. */
  skipped: number
}

/** How far an order is with one client. */
export interface OrderRecipientRow {
  sessionId: string
  clientName: string
  /** `received`: the client has it and runs it. `done` and `failed` are final. */
  state: 'queued' | 'received' | 'done' | 'failed'
  /** Of one that is done: what the method returned, as storable text. */
  value: string | null
  /** Of one that failed. */
  error: ErrorBody | null
}

/** A method that was sent to every client of a name (4d.md PRC-31). */
export interface OrderRow {
  id: string
  recipients: OrderRecipientRow[]
}

/** Whether a client has received what it was told. */
export interface MessageRecipientRow {
  sessionId: string
  userName: string
  /** `waiting`: its client is away, or has not answered yet. `failed`: it was not told, or its session ended before it received it. */
  state: 'waiting' | 'received' | 'failed'
  error: ErrorBody | null
}

export interface MessageReceiptRow {
  id: string
  recipients: MessageRecipientRow[]
}

/** A client to which methods can be sent (4d.md PRC-34). */
export interface RegisteredClientRow {
  name: string
  sessionId: string
  userName: string
  machineName: string
  since: string
  /** Orders that it has not carried out yet. */
  pending: number
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

/** One acknowledged change of a session's storage, newest first in a list. */
export interface StorageChangeRow {
  clock: number
  at: string
  by: string
  slots: {
    slot: string
    /** Storable text; null: there was none, or it was removed. Long texts are cut and end in `…`. */
    before: string | null
    after: string | null
    /** Whether `before` or `after` was cut. */
    cut: boolean
  }[]
  /** Slots of the same change that are not told: it was too large to be kept whole. */
  more: number
}

/** The last changes of a session's storage, newest first. */
export interface StorageHistoryRows {
  session: string
  changes: StorageChangeRow[]
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
  states: Record<SessionStateName, number>
  outdated: number
  /** Second uses of one-time tokens of the sessions that live now. */
  replayedOtps: number
  licences: LicencesRow
  entry: EntryRow
  /** Why the roles.json that was saved last is not in force; null where it is. */
  rolesProblem: RejectedBuild | null
  /** What the server's own check found out of step and put right, newest first. */
  drift: DriftRow[]
  /** What the last start could not put back or found damaged, for people. */
  restartProblems: string[]
  rejectedBuild: RejectedBuild | null
  isolates: IsolateCounts
  /** Of the current version: what becomes of its calls. Null before the first one. */
  callLog: CallLogRow | null
}

export interface IsolateCounts {
  total: number
  /** Those that do not answer. */
  blocked: number
  /** Those that are kept for one session, whose call blocked another. */
  quarantined: number
}

/** `callLog` in tessera.json. */
export interface CallLogRow {
  enabled: boolean
  slowMs: number
  /** Whether arguments are kept with the calls. */
  arguments: boolean
}

export interface LicencesRow {
  /** Null: no limit. */
  maximum: number | null
  used: number
  /** Sessions by kind that take one. */
  remote: number
  web: number
}

export interface LicencesReport extends LicencesRow {
  /** What is odd: more in use than the maximum, or a start option that counts in place of what was kept. */
  warnings: string[]
}

/** Who is let in. */
export interface EntryRow {
  accepting: boolean
  /** What newcomers are told while they are refused. */
  message: string
  /** First match decides; an empty table allows all (4d.md CON-20). */
  addresses: AddressRule[]
  /** What is odd about the table: no final allow, for one (4d.md CON-21). */
  warnings: string[]
}

/** As 4D's `IPAddressesAllowDeny` (4d.md CON-22). */
export interface AddressRule {
  mode: 'allow' | 'deny'
  /** An address, a range (`10.0.0.0/8`), a beginning and `*`, or `localhost`. */
  ip: string
}

export interface DriftRow {
  at: string
  what: string
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
  /** Of a message: under this id can be asked who has received it. */
  receipt?: string
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
