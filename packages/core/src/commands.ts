import type {
  ActResult,
  EntryRow,
  LicencesReport,
  MessageReceiptRow,
  MovedTo,
  OperatorRow,
  OrderOutcome,
  OrderRow,
  Payload,
  Problem,
  ProgressSeen,
  Role,
  SessionQuery,
  StorableText,
} from '@tessera/protocol'
import type { GivenAddressRule } from './access/address-table.ts'
import type { CallId, Digest, ProcessId, SessionId, VersionId } from './ids.ts'
import type { AbortOutcome } from './ports/isolate-host.ts'
import type { CommitReply, CommitRequest, Delta } from './storage/delta.ts'

/** Which sessions a bulk act means: named ones, every one that matches when it is carried out, or the clients of a name (`@` for any text). */
export type Targets = { ids: readonly string[] } | { match: SessionQuery } | { client: string }

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
  /** The order that the client was told of and has not done; it may never have arrived. */
  order: WaitingOrder | null
  /** Up to this number orders were told to this session's client so far. */
  toldOrder: number
}

/** Something an operator said to a client, kept until it was received. */
export interface WaitingMessage {
  number: number
  text: string
  at: number
}

/** A method that a client is to run. */
export interface WaitingOrder {
  number: number
  method: string
  /** Of the list of arguments. */
  args: StorableText
  /** Who sent it, for people. */
  from: string
}

/** What a client may ask of one call of its own. */
export interface CallOptions {
  /** The client's id of the call, under which it may be cancelled; it goes with the call to its isolate. */
  request?: string | undefined
  /** 1 ms to 24 hours, counted from when the server has the call. It never lengthens what the method's author gave it. */
  deadlineMs?: number | undefined
  /** A call that comes again under its key is not run again: it is answered with the outcome of the first. */
  key?: string | undefined
}

/** A browser in a session; `token` is the secret for its cookie. */
export interface RedeemedOtp {
  sessionId: SessionId
  token: string
}

/** Whose key a browser presented. */
export interface WebVisitor {
  sessionId: SessionId
  kind: 'web' | 'share'
  guest: boolean
}

/** What an operator ended, and how. */
export interface AbortedCall {
  outcome: AbortOutcome
  sessionId: SessionId
  method: string
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

  // browsers
  /** A new web session, of a guest (4d.md WEB-02). */
  'web.open': [{ address: string; userAgent: string }, RedeemedOtp]
  /** The session that the key opens, marked as used; null for a key that is no good: the visitor is a new guest then. */
  'web.find': [{ token: string }, WebVisitor | null]
  /** The browser says goodbye: its web session ends, or its share. */
  'web.close': [{ token: string }, void]
  /** Runs an exposed method. `token`: a new secret for the cookie in place of the one presented; null: that one stays. */
  'web.call': [{ token: string; method: string; args: StorableText }, { value: StorableText; token: string | null }]
  /** One browser shares the session no longer. `fingerprint`: as in `WebShareRow`. */
  'share.close': [{ sessionId: SessionId; fingerprint: string }, void]
  /** `lifespanSeconds` null: as usual. `path`: only for visits below it. Answers '' in the stored-procedures session. */
  'otp.create': [{ sessionId: SessionId; lifespanSeconds: number | null; purpose: 'web-share'; path: string | null }, { token: string }]
  /** Null for a token that is no good, without a word of why. */
  'otp.redeem': [{ token: string; path: string; address: string; userAgent: string }, RedeemedOtp | null]
  /** The browser whose call this is goes to the token's session (4d.md SES-44); null: nothing changed. */
  'session.restore': [{ sessionId: SessionId; token: string }, { sessionId: SessionId | null }]
  'session.setIdleTimeout': [{ sessionId: SessionId; minutes: number }, { idleTimeout: number; expirationDate: string }]

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
  /** Ends the call that runs in it; those that wait there go on. A stored procedure ends with its call. */
  'process.abort': [{ processId: ProcessId; reason: string }, AbortedCall]
  /** No call begins in it until it is activated; one that runs goes on. */
  'process.pause': [{ processId: ProcessId }, void]
  'process.activate': [{ processId: ProcessId }, void]
  'method.call': [{ sessionId: SessionId; process: number; method: string; args: Payload } & CallOptions, Payload]
  /** The call of that request ends as `CALL_CANCELLED`; one that has ended or never was is no error. */
  'call.cancel': [{ sessionId: SessionId; request: string }, void]
  /** `sessionId`: the client's own, in this and the next three. `name` '': the method's. The number is negative for clients (4d.md PRC-11). */
  'procedure.start': [{ sessionId?: SessionId; method: string; args: StorableText; name: string; unique: boolean }, { processId: ProcessId; number: number }]
  /** Waits for a stored procedure's end. */
  'procedure.result': [{ sessionId?: SessionId; processId: ProcessId }, StorableText]
  /** Answers once more is known than what `after` stands for, -1 for at once; or it ended; or a while went by. */
  'procedure.progress': [{ sessionId?: SessionId; processId: ProcessId; after: number }, ProgressSeen]
  /** Its signal aborts, and it is ended where it has not ended by itself after a while. Answered when it has been told. */
  'procedure.cancel': [{ sessionId?: SessionId; processId: ProcessId; reason: string }, void]
  /** Runs what a schedule starts, now. */
  'schedule.start': [{ name: string }, { processId: ProcessId; number: number }]

  // orders and receipts
  /** The client may be sent methods under that name (4d.md PRC-30). */
  'client.register': [{ sessionId: SessionId; name: string }, void]
  'client.unregister': [{ sessionId: SessionId }, void]
  /** Sends a method to every client of that name, `@` standing for any text; answers once the server has the order (4d.md PRC-33). */
  'client.order': [{ name: string; method: string; args: StorableText }, OrderRow]
  /** Waits until every client has answered, or will not. */
  'order.results': [{ id: string }, OrderRow]
  /** Takes it back from the clients that were not told of it yet. */
  'order.cancel': [{ id: string }, { cancelled: number }]
  /** The client has the order of that number, and runs it. */
  'order.received': [{ sessionId: SessionId; number: number }, void]
  'order.done': [{ sessionId: SessionId; number: number; outcome: OrderOutcome }, void]
  /** Waits until every client has received the message, or will not. */
  'message.receipt': [{ id: string }, MessageReceiptRow]

  // storage and privileges
  'storage.commit': [CommitRequest, CommitReply]
  'storage.turn': [{ sessionId: SessionId }, { turn: number; since: Delta }]
  /** One slot, from outside; `text` null removes it. */
  'storage.set': [{ sessionId: SessionId; slot: string; text: StorableText | null }, { clock: number }]
  /** Adds to what is held; undeclared names are ignored. `userName` counts for web sessions only (4d.md SES-35). */
  'privileges.set': [{ sessionId: SessionId; names: readonly string[]; roles: readonly string[]; userName?: string | null }, { privileges: readonly string[] }]
  'privileges.clear': [{ sessionId: SessionId }, { privileges: readonly string[] }]

  /** Lends a privilege to the web call that asks, while it runs (4d.md SES-42); id 0: nothing was done. */
  'privileges.promote': [{ sessionId: SessionId; call: CallId; name: string }, { id: number; promoted: readonly string[] }]
  'privileges.demote': [{ sessionId: SessionId; call: CallId; id: number }, { promoted: readonly string[] }]

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

  // who is let in
  /** Newcomers are refused with that message from now on; whoever is connected goes on (4d.md ADM-20). */
  'connections.reject': [{ message: string }, EntryRow]
  'connections.accept': [Record<never, never>, EntryRow]
  /** Another address table in place of the present one (4d.md CON-20). */
  'connections.setAddresses': [{ rules: readonly GivenAddressRule[] }, EntryRow]
  /** One rule more, before a final one that matches everything. */
  'connections.addAddress': [GivenAddressRule, EntryRow]
  /** Null: no limit. */
  'licences.set': [{ maximum: number | null }, LicencesReport]

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
