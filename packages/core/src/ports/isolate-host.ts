import type { ActivityOptions, ProcessActivity, SessionInfo } from '@tessera/kit'
import type { ErrorBody, IsolateRow, MessageReceiptRow, OrderRow, Payload, ProgressSeen, RegisteredClientRow, StorableText } from '@tessera/protocol'
import type { CallId, Digest, ProcessId, SessionId } from '../ids.ts'
import type { CommitReply, CommitRequest, Delta, StorageSeed } from '../storage/delta.ts'
import type { ProjectExecution } from '../version/project-settings.ts'

/** A method as its own code describes it, once loaded. */
export interface MethodFacts {
  name: string
  /** Made with `onServer`: clients may call it. The others run where they are called. */
  onServer: boolean
  exposed: boolean
  groups: readonly string[]
  deadlineMs: number | null
}

/** What an isolate host needs to start a version: a read-only folder that holds its server half. */
export interface IsolateCode {
  digest: Digest
  /** Absolute path of the unpacked server half. */
  directory: string
  execution: ProjectExecution
}

export type RunTarget = { kind: 'method'; name: string } | { kind: 'database'; name: DatabaseMethodName }
export type DatabaseMethodName = 'onStartup' | 'onExit' | 'onServerStartup' | 'onServerShutdown' | 'onServerOpenConnection' | 'onServerCloseConnection'

export interface ProcessFacts {
  id: ProcessId
  number: number
  name: string
  sessionId: SessionId
}

export interface RunRequest {
  call: CallId
  digest: Digest
  process: ProcessFacts
  target: RunTarget
  /** The array of arguments. */
  args: Payload
  /** Whether only methods made with `onServer` may run: true for calls from clients. */
  onServerOnly: boolean
  /** Privileges lent to a web call by roles.json, inclusions expanded (4d.md PRV-15). */
  promoted?: readonly string[]
  /** The client's id of the call, for logs. */
  request?: string
  /** Whether the outcome should tell where the time went. */
  timed?: boolean
  /** Largest result, in bytes of its text. */
  resultBytes: number
}

/** What the engine knows of a session that project code may read at once. */
export interface SessionFacts {
  id: SessionId
  info: SessionInfo
  /** Held, inclusions expanded, as declared; they compare without regard to case. */
  privileges: readonly string[]
  /** Web sessions only (4d.md SES-28, SES-41). */
  web?: { guest: boolean; idleTimeout: number; expirationDate: string }
}

export interface SessionSeed {
  facts: SessionFacts
  storage: StorageSeed
}

/** What project code asks of the engine while it runs. All of it is asynchronous (decision 3). */
export type HostRequest =
  | { kind: 'storage.commit'; commit: CommitRequest }
  | { kind: 'storage.turn'; sessionId: SessionId }
  | { kind: 'session.seed'; sessionId: SessionId }
  | { kind: 'privileges.set'; names: readonly string[]; roles: readonly string[]; userName?: string | null }
  | { kind: 'privileges.clear' }
  | { kind: 'privileges.promote'; name: string }
  | { kind: 'privileges.demote'; id: number }
  | { kind: 'otp.create'; lifespan: number | null }
  | { kind: 'session.restore'; token: string }
  | { kind: 'session.setIdleTimeout'; minutes: number }
  | { kind: 'procedure.start'; method: string; args: StorableText; processName: string; unique: boolean }
  | { kind: 'procedure.result'; process: ProcessId }
  /** Answered when more is known than `after` stands for. */
  | { kind: 'procedure.progress'; process: ProcessId; after: number }
  | { kind: 'procedure.cancel'; process: ProcessId; reason: string }
  | { kind: 'process.activity'; sessionId: SessionId | null; options: ActivityOptions }
  | { kind: 'client.order'; name: string; method: string; args: StorableText }
  | { kind: 'order.look'; id: string }
  | { kind: 'order.results'; id: string }
  | { kind: 'order.cancel'; id: string }
  | { kind: 'clients.list' }
  | { kind: 'message.send'; to: MessageTargets; text: string }
  | { kind: 'message.look'; id: string }
  | { kind: 'message.receipt'; id: string }
  | { kind: 'project.reload' }

/** Sessions by id, the clients of a name (`@` for any text), or all. */
export type MessageTargets = { ids: readonly string[] } | { client: string } | 'all'

export interface HostAnswers {
  'storage.commit': CommitReply
  /** The turn's number; it must be given with the commit, and ends with it or after a second. */
  'storage.turn': { turn: number; since: Delta }
  'session.seed': SessionSeed | null
  'privileges.set': { ok: boolean; privileges: readonly string[] }
  'privileges.clear': { ok: boolean; privileges: readonly string[] }
  /** `id` 0: nothing was promoted. `promoted`: all that this call was lent, inclusions expanded. */
  'privileges.promote': { id: number; promoted: readonly string[] }
  'privileges.demote': { promoted: readonly string[] }
  'otp.create': { token: string }
  /** The session that the call's browser is in from now on; null: nothing changed. */
  'session.restore': { sessionId: SessionId | null }
  'session.setIdleTimeout': { idleTimeout: number; expirationDate: string }
  'procedure.start': { process: ProcessId; number: number }
  'procedure.result': { value: StorableText }
  'procedure.progress': ProgressSeen
  /** False: it had ended already. */
  'procedure.cancel': { told: boolean }
  /** Null for a session that is none. */
  'process.activity': ProcessActivity | null
  /** Once the server has it. */
  'client.order': OrderRow
  'order.look': OrderRow
  /** Once every client has answered, or will not. */
  'order.results': OrderRow
  'order.cancel': { cancelled: number }
  'clients.list': { clients: readonly RegisteredClientRow[] }
  'message.send': MessageReceiptRow
  'message.look': MessageReceiptRow
  /** Once every client has received it, or will not. */
  'message.receipt': MessageReceiptRow
  'project.reload': { changed: boolean }
}

/** Who asks: the call in which the request was made. */
export interface HostCaller {
  call: CallId
  process: ProcessId
  sessionId: SessionId
  digest: Digest
}

/** What the host calls back on, installed by the engine before the first version opens. */
export interface IsolateGuest {
  /** The session as it is now, when it is placed on an isolate (again); null for one that ended. */
  seed(sessionId: SessionId): SessionSeed | null
  /** Answers a request of project code. @throws TesseraError, which travels to the project's own `catch`. */
  answer<Kind extends HostRequest['kind']>(request: Extract<HostRequest, { kind: Kind }>, caller: HostCaller): Promise<HostAnswers[Kind]>
  progressed(caller: HostCaller, fraction: number, text: string): void
  isolateStarted(isolate: IsolateFacts): void
  isolateEnded(isolate: IsolateFacts, why: string, callsLost: number): void
  /** It does not answer; `call`: what it is stuck in, as far as that is known. */
  isolateBlocked(isolate: IsolateFacts, call: { sessionId: SessionId; processId: ProcessId; method: string } | null): void
  /** The session's call blocked an isolate: from now on it has one of its own. */
  sessionQuarantined(sessionId: SessionId, isolate: IsolateFacts, method: string, why: string): void
  /** It behaved for a while, and shares isolates again. */
  sessionReleased(sessionId: SessionId): void
}

export interface IsolateFacts {
  /** Stable, for people: `20261122.1/2` is not known here, so digest prefix and a number: `3f9a12/2`. */
  id: string
  digest: Digest
  pid: number | null
}

export type RunOutcome = ({ ok: true; value: Payload; isolate: string } | { ok: false; error: ErrorBody; isolate: string | null }) & { timings?: RunTimings }

/** Of a call that was run with `timed`; milliseconds. What is left of the whole is the way there and back. */
export interface RunTimings {
  /** From its first line to its last, waits included. */
  runMs: number
  /** Of these, waiting for shared storage. */
  storageMs: number
  /** Of these, waiting for data. */
  dataMs: number
}

/**
 * How a call was brought to its end. `yielded`: its isolate let it go. `killed`: its isolate did not answer and was ended,
 * others' calls that had not begun there were run elsewhere. `gone`: it had ended already.
 */
export type AbortOutcome = 'yielded' | 'killed' | 'gone'

/** An isolate as it is now. */
export interface IsolateActivity extends IsolateFacts, Pick<IsolateRow, 'state' | 'host' | 'busy' | 'rssBytes' | 'heapBytes'> {
  sessions: number
  callsRunning: number
  quarantined: { sessionId: SessionId; method: string; since: number; why: string } | null
  stuckIn: { sessionId: SessionId; processId: ProcessId; method: string; sinceMs: number } | null
}

export interface ProcessCpu {
  cpuMs: number
  /** Share of one core over the last seconds, 0..1. */
  cpuUsage: number
}

/**
 * Runs project code, one version beside another. A session is placed on one isolate with all its processes, so it has one
 * replica of its storage there; its processes' variables follow it when it is placed again.
 */
export interface IsolateHost {
  attach(guest: IsolateGuest): void
  /**
   * Starts a version and loads all its code.
   * @throws TesseraError `VERSION_REJECTED` with problems, where code cannot be loaded; nothing stays behind then.
   */
  openVersion(code: IsolateCode): Promise<readonly MethodFacts[]>
  /** Stops the version's isolates. Calls in flight end as `CALL_INTERRUPTED`. Unknown digests are ignored. */
  closeVersion(digest: Digest): Promise<void>
  /** Never rejects: whatever happens to the call is its outcome. */
  run(request: RunRequest): Promise<RunOutcome>
  /** Asks the running call to stop: its process's `signal` aborts and its caller gets `CALL_CANCELLED`. */
  cancel(call: CallId, reason: string): void
  /** Asks the running call to stop and leaves it its end: its process's `signal` aborts, and whatever comes of it is the outcome. */
  signal(call: CallId, reason: string): void
  /**
   * Ends a call, whatever it does: its signal aborts and its caller gets `CALL_CANCELLED` at once; where its isolate does not
   * answer, that is ended. What an aborted call still asks of the engine is refused.
   */
  abort(call: CallId, reason: string): Promise<AbortOutcome>
  /** Sends a storage change to every isolate that holds a replica of the session. */
  pushDelta(sessionId: SessionId, delta: Delta): void
  pushFacts(facts: SessionFacts): void
  /** Variables of the process are forgotten. */
  closeProcess(sessionId: SessionId, process: ProcessId): void
  /** Replica, facts and placement of the session are forgotten, in every version. */
  closeSession(sessionId: SessionId): void
  /** The session left this version for another: its placement there is forgotten, its variables are kept. */
  leaveVersion(sessionId: SessionId, digest: Digest): void
  /** Sessions of which it holds anything: a place, a replica, variables. */
  heldSessions(): ReadonlySet<SessionId>
  isolates(): readonly IsolateActivity[]
  /** CPU time of processes, as sampled; those that used none are not in it. */
  cpu(): ReadonlyMap<ProcessId, ProcessCpu>
  stop(): Promise<void>
}
