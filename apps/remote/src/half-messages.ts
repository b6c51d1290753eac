import type { CallOptions, RemoteEvents } from '@tessera/kit'
import type { ErrorBody, ProcedureProgress, Reply, StorableText } from '@tessera/protocol'

/**
 * What the launcher and the client half's process say to each other over Node's own channel, both ways. Values of project
 * code are storable text: only the two ends parse them.
 */
export type ToHalf =
  | { kind: 'load'; directory: string; facts: HalfFacts }
  /** Loaded code may start: as at first start, or with what the half before it handed over. */
  | { kind: 'begin'; reloaded: boolean; handedOver: StorableText }
  | { kind: 'answer'; id: number; reply: Reply<StorableText> }
  | HalfEvent
  | { kind: 'progress'; id: string; progress: ProcedureProgress }
  /** Run a method of this half, and say `ordered`. */
  | { kind: 'order'; id: number; method: string; args: StorableText }
  | { kind: 'prepareReload' }
  /** Run `onExit`, say `exited` and end. */
  | { kind: 'exit' }
  /** End at once, without `onExit`. */
  | { kind: 'stop' }

export type HalfEvent = { [Name in keyof RemoteEvents]: { kind: 'event'; name: Name; value: RemoteEvents[Name] } }[keyof RemoteEvents]

export type FromHalf =
  | { kind: 'loaded' }
  /** Startup code is through (`onStartup` or `afterReload`); the client lives on. */
  | { kind: 'begun' }
  /** Loading, startup code or `onExit` threw. */
  | { kind: 'failed'; error: ErrorBody }
  | { kind: 'ask'; id: number; ask: Ask }
  /** The `beforeReload` hook is through; without a hook nothing comes. */
  | { kind: 'reloadable'; handedOver: StorableText }
  | { kind: 'ordered'; id: number; reply: Reply<StorableText> }
  | { kind: 'quit' }
  /** `onExit` is through. */
  | { kind: 'exited' }

export type Ask =
  /** `process` null: the main process. */
  | ({ kind: 'call'; process: number | null; method: string; args: StorableText; cancellable: boolean } & Pick<CallOptions, 'deadlineMs' | 'key'>)
  /** The call that was asked under that id is wanted no longer. */
  | { kind: 'withdraw'; call: number }
  | { kind: 'openProcess'; name: string }
  | { kind: 'closeProcess'; process: number }
  | { kind: 'startProcedure'; method: string; args: StorableText; name: string; unique: boolean }
  | { kind: 'procedureResult'; id: string }
  | { kind: 'cancelProcedure'; id: string; reason: string }
  /** Answered when it has ended; `progress` comes before. */
  | { kind: 'followProcedure'; id: string }
  | { kind: 'register'; name: string }
  | { kind: 'unregister' }

/** What the client half may know of its session at once. */
export interface HalfFacts {
  sessionId: string
  version: string
  userParam: string
}
