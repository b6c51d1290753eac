import type { Problem, StorableText } from '@tessera/protocol'
import type { Actor } from './actor.ts'
import type { Digest, ProcessId, SessionId, VersionId } from './ids.ts'
import type { Delta } from './storage/delta.ts'

/** All that Tessera tells. Facts, in the past tense; at the edge they become notices, live views, audit and metrics. */
interface Events {
  'session.opened': { sessionId: SessionId }
  /** The client's transport was lost; the session waits until `removedAt`. */
  'session.detached': { sessionId: SessionId; removedAt: number }
  'session.resumed': { sessionId: SessionId }
  /** An earlier connection of the session must go: a newer one took its place. */
  'session.replaced': { sessionId: SessionId; connection: number }
  'session.messaged': { sessionId: SessionId; text: string; at: number }
  'session.reloadRequested': { sessionId: SessionId; version: { id: VersionId; digest: Digest }; deadlineAt: number; graceMs: number; reason: string }
  'session.moved': { sessionId: SessionId; from: VersionId; to: VersionId }
  'session.draining': { sessionId: SessionId }
  /** Its processes close after this. Told of a session that was refused while it opened, too: of that one nothing was told before. */
  'session.closed': { sessionId: SessionId; code: string; reason: string }

  'process.opened': { sessionId: SessionId; processId: ProcessId }
  'process.closed': { sessionId: SessionId; processId: ProcessId }
  'call.started': { sessionId: SessionId; processId: ProcessId; method: string }
  'call.ended': { sessionId: SessionId; processId: ProcessId; method: string; ok: boolean; durationMs: number }
  'procedure.started': { processId: ProcessId; method: string }
  'procedure.progressed': { processId: ProcessId; fraction: number; text: string }
  'procedure.ended': { processId: ProcessId; ok: boolean; value: StorableText | null }

  'storage.changed': { sessionId: SessionId; delta: Delta; by: string }
  'privileges.changed': { sessionId: SessionId; privileges: readonly string[] }

  'version.published': { id: VersionId; digest: Digest; by: string }
  'version.stateChanged': { id: VersionId; digest: Digest; state: string }
  'version.rejected': { by: string; problems: readonly Problem[] }

  'isolate.started': { isolate: string; digest: Digest; pid: number | null }
  'isolate.ended': { isolate: string; digest: Digest; why: string; callsLost: number }

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
