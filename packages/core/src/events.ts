import type { Problem, StorableText } from '@tessera/protocol'
import type { Actor } from './actor.ts'
import type { WaitingOrder } from './commands.ts'
import type { Digest, ProcessId, SessionId, VersionId } from './ids.ts'
import type { AbortOutcome } from './ports/isolate-host.ts'
import type { Delta } from './storage/delta.ts'

/** All that Tessera tells. Facts, in the past tense; at the edge they become notices, live views, audit and metrics. */
interface Events {
  'session.opened': { sessionId: SessionId }
  /** Its client is away: lost, asleep, or postponed by agreement. The session waits until `removedAt`. */
  'session.detached': { sessionId: SessionId; state: 'unreachable' | 'sleeping' | 'postponed'; removedAt: number }
  /** Nothing was asked for in a while: a client that agrees may be postponed. */
  'session.quiet': { sessionId: SessionId }
  /** Put back after a restart of the server; its client has not come back yet. */
  'session.restored': { sessionId: SessionId }
  'session.resumed': { sessionId: SessionId }
  /** An earlier connection of the session must go: a newer one took its place. */
  'session.replaced': { sessionId: SessionId; connection: number }
  'session.messaged': { sessionId: SessionId; number: number; text: string; at: number }
  'session.received': { sessionId: SessionId; number: number }
  /** Methods can be sent to its client, under that name (4d.md PRC-30). */
  'client.registered': { sessionId: SessionId; client: string }
  'client.unregistered': { sessionId: SessionId }
  /** The server has an order for that client (4d.md PRC-33). */
  'order.queued': { sessionId: SessionId; number: number; method: string }
  /** Its turn has come, and the client is there: it is to be told. */
  'order.told': { sessionId: SessionId; order: WaitingOrder }
  'order.received': { sessionId: SessionId; number: number }
  'order.ended': { sessionId: SessionId; number: number; method: string; ok: boolean }
  'session.reloadRequested': { sessionId: SessionId; version: { id: VersionId; digest: Digest }; deadlineAt: number; graceMs: number; reason: string }
  'session.moved': { sessionId: SessionId; from: VersionId; to: VersionId }
  'session.draining': { sessionId: SessionId }
  /** Its processes close after this. Told of a session that was refused while it opened, too: of that one nothing was told before. */
  'session.closed': { sessionId: SessionId; code: string; reason: string }

  'process.opened': { sessionId: SessionId; processId: ProcessId }
  /** It goes on after a restart of the server, without its variables. */
  'process.restarted': { sessionId: SessionId; processId: ProcessId }
  /** Close Connection had begun when the server was killed: it is not repeated. */
  'process.closeInterrupted': { sessionId: SessionId; processId: ProcessId; number: number }
  'process.closed': { sessionId: SessionId; processId: ProcessId }
  /** An operator ended what ran in it. */
  'process.aborted': { sessionId: SessionId; processId: ProcessId; method: string; outcome: AbortOutcome; reason: string }
  'process.paused': { sessionId: SessionId; processId: ProcessId }
  'process.activated': { sessionId: SessionId; processId: ProcessId }
  'call.started': { sessionId: SessionId; processId: ProcessId; method: string }
  'call.ended': { sessionId: SessionId; processId: ProcessId; method: string; ok: boolean; durationMs: number }
  /** A call ended before its turn came. */
  'call.refused': { sessionId: SessionId; processId: ProcessId; method: string; code: string }
  /** `by`: for people. */
  'procedure.started': { processId: ProcessId; method: string; by: string }
  'procedure.progressed': { processId: ProcessId; fraction: number; text: string }
  /** It was told to end, and may tidy up first. */
  'procedure.cancelled': { processId: ProcessId; reason: string }
  'procedure.ended': { processId: ProcessId; ok: boolean; value: StorableText | null }

  'schedule.started': { schedule: string; processId: ProcessId }
  /** Its time came while its run of the time before went on. */
  'schedule.skipped': { schedule: string }
  /** Its procedure could not be started. */
  'schedule.failed': { schedule: string; message: string }
  'schedule.ended': { schedule: string; processId: ProcessId; ok: boolean }

  'storage.changed': { sessionId: SessionId; delta: Delta; by: string }
  'privileges.changed': { sessionId: SessionId; privileges: readonly string[] }
  /** Other roles are in force, for every session. */
  'roles.changed': { by: string }
  /** A roles.json was refused: the last good one stays in force. */
  'roles.rejected': { by: string; problems: readonly Problem[] }
  /** A roles.json that was refused is put right, and says what is in force already. */
  'roles.mended': { by: string }

  /** `fingerprint`: the first six characters of the token's hash. */
  'otp.issued': { sessionId: SessionId; fingerprint: string }
  'otp.redeemed': { sessionId: SessionId; fingerprint: string; address: string }
  'otp.expired': { sessionId: SessionId; fingerprint: string }
  /** Somebody came with a token that was used before: possibly a theft. */
  'otp.replayed': { sessionId: SessionId; fingerprint: string; address: string }
  /** A browser shares the session no longer. */
  'share.closed': { sessionId: SessionId; fingerprint: string }

  'version.published': { id: VersionId; digest: Digest; by: string }
  'version.stateChanged': { id: VersionId; digest: Digest; state: string }
  'version.rejected': { by: string; problems: readonly Problem[] }
  /** A build is good again after one that was rejected. */
  'version.mended': { by: string }

  'isolate.started': { isolate: string; digest: Digest; pid: number | null }
  'isolate.ended': { isolate: string; digest: Digest; why: string; callsLost: number }
  /** It does not answer, and is about to be ended. */
  'isolate.blocked': { isolate: string; call: { sessionId: SessionId; processId: ProcessId; method: string } | null }
  /** Its call blocked an isolate: it has one of its own until it behaved for a while. */
  'session.quarantined': { sessionId: SessionId; isolate: string; method: string; why: string }
  'session.released': { sessionId: SessionId }

  /** Registry, connections, twins or licences were out of step, and were put right. */
  'drift.found': { what: string; at: number }
  /** A connection whose session is not there, or has another one: it must go. */
  'connection.orphaned': { sessionId: SessionId; connection: number }

  /** Whether newcomers are let in, or from where, was changed. */
  'entry.changed': { accepting: boolean; addresses: number }
  'licences.changed': { maximum: number | null }

  'directory.changed': { what: string }
  'catalog.changed': { revision: number }
  'server.stateChanged': { state: 'starting' | 'running' | 'stopping' }
  /** An administrative act was carried out, or failed. */
  'act.recorded': { act: string; by: Actor; target: string; ok: boolean }
  'operator.signedOut': { hash: string }
}

export type EventName = keyof Events
export type DomainEvent = { [Name in EventName]: { name: Name } & Events[Name] }[EventName]
export type EventOf<Name extends EventName> = Extract<DomainEvent, { name: Name }>
