import type { ActResult, MovedTo, OperatorRow, Problem, Role, SessionQuery, StorableText } from '@tessera/protocol'
import type { Digest, ProcessId, SessionId, VersionId } from './ids.ts'
import type { CommitReply, CommitRequest, Delta } from './storage/delta.ts'

/** Which sessions a bulk act means: named ones, or every one that matches when it is carried out. */
export type Targets = { ids: readonly string[] } | { match: SessionQuery }

/** Who a client says it is, before the engine believes it. */
export interface Introduction {
  user: string | null
  password: string | null
  project: string | null
  address: string
  machineName: string
  systemUserName: string
  hostType: string
  /** The client agrees to give up its connection after a quiet time (4d.md SES-51). */
  mayPostpone: boolean
}

export interface OpenedSession {
  sessionId: SessionId
  /** Numbers the connections of a session: a later one replaces an earlier one. */
  connection: number
  resumeToken: string
  ticket: string
  version: { id: VersionId; digest: Digest }
  mainProcess: { id: ProcessId; number: number }
  processes: readonly { process: number; name: string }[]
  userName: string
  resumed: boolean
  /** The server was restarted since the last welcome: variables of the processes are gone. */
  restarted: boolean
  /** What the client has not received yet, oldest first. */
  messages: readonly WaitingMessage[]
}

/** Something an operator said to a client, kept until it was received. */
export interface WaitingMessage {
  number: number
  text: string
  at: number
}

export interface OpenedStandalone {
  sessionId: SessionId
  /** Number of the main process. */
  process: number
  version: { id: VersionId; digest: Digest }
}

/**
 * All that can be asked of Tessera, as `name: [input, output]`. This and `events.ts` are the whole product in two maps.
 * Every edge (socket, tRPC, CLI, isolates) comes in through `engine.dispatch(name, input, by)`.
 */
export interface Commands {
  // a remote client's life
  'session.open': [{ introduction: Introduction }, OpenedSession]
  'session.resume': [{ token: string; address: string }, OpenedSession]
  /** The client has this resume token: the one before is good no longer. Anything but the newest is ignored. */
  'session.confirm': [{ sessionId: SessionId; token: string }, void]
  /** The client's machine goes to sleep (4d.md SLP-01). */
  'session.sleep': [{ sessionId: SessionId; connection: number }, void]
  /** The client gives up its connection for now, as it was asked to (4d.md SES-51). */
  'session.postpone': [{ sessionId: SessionId; connection: number }, void]
  /** The client has received the message of that number, and those before it. */
  'session.received': [{ sessionId: SessionId; number: number }, void]
  /** The client's transport is gone without a goodbye; the session waits for it. `connection`: ignored unless it is the latest. */
  'session.detach': [{ sessionId: SessionId; connection: number }, void]
  /** The client said goodbye. */
  'session.close': [{ sessionId: SessionId }, void]
  /** The client is ready to run the version that a reload notice named. */
  'session.move': [{ sessionId: SessionId; version: string }, MovedTo]

  // a project that runs alone
  'standalone.open': [Record<never, never>, OpenedStandalone]
  'standalone.run': [{ sessionId: SessionId; name: 'onStartup' | 'onExit' }, StorableText | null]

  // acts on sessions
  'session.disconnect': [{ targets: Targets; reason: string; dryRun: boolean }, ActResult]
  'session.end': [{ targets: Targets; reason: string; graceSeconds: number; dryRun: boolean }, ActResult]
  'session.reload': [{ targets: Targets; version: string | null; reason: string; graceSeconds: number; dryRun: boolean }, ActResult]
  'session.message': [{ targets: Targets; text: string; dryRun: boolean }, ActResult]

  // processes and calls
  'process.open': [{ sessionId: SessionId; name: string }, { id: ProcessId; number: number }]
  'process.close': [{ sessionId: SessionId; number: number }, void]
  'method.call': [{ sessionId: SessionId; process: number; method: string; args: StorableText }, StorableText]
  'procedure.start': [{ method: string; args: StorableText; name: string; unique: boolean }, { processId: ProcessId; number: number }]
  /** Waits for a stored procedure's end. */
  'procedure.result': [{ processId: ProcessId }, StorableText]

  // storage and privileges
  'storage.commit': [CommitRequest, CommitReply]
  'storage.turn': [{ sessionId: SessionId }, { turn: number; since: Delta }]
  /** One slot, from outside; `text` null removes it. */
  'storage.set': [{ sessionId: SessionId; slot: string; text: StorableText | null }, { clock: number }]
  /** Adds to what is held; undeclared names are ignored. */
  'privileges.set': [{ sessionId: SessionId; names: readonly string[]; roles: readonly string[] }, { privileges: readonly string[] }]
  'privileges.clear': [{ sessionId: SessionId }, { privileges: readonly string[] }]

  /** Reads roles.json alone and puts it into force for every session, whatever version it runs. */
  'roles.reload': [Record<never, never>, { changed: boolean; warnings: readonly Problem[] }]

  // versions
  /** Puts roles.json into force, builds the project folder and publishes the package where it is a new one. */
  'version.reload': [Record<never, never>, { changed: boolean; version: { id: VersionId; digest: Digest } }]

  // directory
  'directory.addUser': [{ name: string; password: string | null; groups: readonly string[] }, void]
  'directory.setPassword': [{ name: string; password: string | null }, void]
  'directory.setEnabled': [{ name: string; enabled: boolean }, void]
  'directory.removeUser': [{ name: string }, void]
  'directory.putGroup': [{ name: string; users: readonly string[]; groups: readonly string[] }, void]

  // operators: who administers
  'operator.signIn': [{ user: string; password: string; address: string }, OperatorSession]
  'operator.exchange': [{ token: string; address: string }, OperatorSession]
  'operator.signOut': [{ token: string }, void]
  'token.create': [{ name: string; role: Role }, { name: string; role: Role; token: string }]
  'token.revoke': [{ name: string }, { revoked: number }]
  /** A one-time sign-in link's secret; the edge makes the address around it. */
  'link.create': [Record<never, never>, { token: string; expiresAt: string }]
}

export interface OperatorSession {
  /** The bearer secret for the console's cookie. */
  token: string
  expiresAt: string
  operator: OperatorRow
}

export type CommandName = keyof Commands
export type Input<Name extends CommandName> = Commands[Name][0]
export type Output<Name extends CommandName> = Commands[Name][1]
