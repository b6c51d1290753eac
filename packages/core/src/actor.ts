import type { Role } from '@tessera/protocol'
import type { ProcessId, SessionId } from './ids.ts'

/** On whose behalf a command is dispatched. Who may dispatch what stands in `interceptors/authorise.ts`. */
export type Actor =
  /** A remote client's connection, for its own session. */
  | { kind: 'client'; sessionId: SessionId }
  /** Project code that runs in a process of a session. */
  | { kind: 'code'; sessionId: SessionId; processId: ProcessId }
  /** A person at the console, a script with a token, or the owner on the server's machine. */
  | { kind: 'operator'; name: string; role: Role; via: 'console' | 'token' | 'owner' }
  /** A gateway, on behalf of somebody who is nobody yet. */
  | { kind: 'edge'; address: string }
  /** The engine and the composition around it. */
  | { kind: 'system' }

export const system: Actor = { kind: 'system' }

/** How people read it: in the audit, beside a changed slot. */
export const actorLabel = (actor: Actor): string => {
  switch (actor.kind) {
    case 'operator':
      return `${actor.name} (${actor.via})`
    case 'client':
    case 'code':
      return actor.sessionId
    case 'edge':
      return actor.address
    case 'system':
      return 'server'
  }
}
