import type { SessionInfo } from '@tessera/kit'
import type { ErrorBody, StorableText } from '@tessera/protocol'
import type { CallId, Digest, ProcessId, SessionId } from '../ids.ts'
import type { CommitReply, CommitRequest, Delta, StorageSeed } from '../storage/delta.ts'

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
  /** Storable text of the array of arguments. */
  args: StorableText
  /** Whether only methods made with `onServer` may run: true for calls from clients. */
  onServerOnly: boolean
  /** Privileges lent to a web call by roles.json, inclusions expanded (4d.md PRV-15). */
  promoted?: readonly string[]
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
  | { kind: 'project.reload' }

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
}

export interface IsolateFacts {
  /** Stable, for people: `20261122.1/2` is not known here, so digest prefix and a number: `3f9a12/2`. */
  id: string
  digest: Digest
  pid: number | null
}

export type RunOutcome = { ok: true; value: StorableText; isolate: string } | { ok: false; error: ErrorBody; isolate: string | null }

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
  isolates(): readonly (IsolateFacts & { sessions: number; callsRunning: number })[]
  stop(): Promise<void>
}
