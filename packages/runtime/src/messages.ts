import type {
  CallId,
  Delta,
  HostAnswers,
  HostRequest,
  MethodFacts,
  ProcessFacts,
  ProcessId,
  RunTarget,
  RunTimings,
  SessionFacts,
  SessionId,
  SessionSeed,
  SlotChange,
} from '@tessera/core'
import type { ErrorBody, Payload, StorableText } from '@tessera/protocol/values'

/** Variables of one process as texts; null: the variable was removed. */
export type VariableChange = readonly [name: string, text: StorableText | null]

export type RequestKind = HostRequest['kind']
export type Answer = { [Kind in RequestKind]: { kind: Kind; value: HostAnswers[Kind] } }[RequestKind]

export interface RunMessage {
  type: 'run'
  call: CallId
  process: ProcessId
  target: RunTarget
  onServerOnly: boolean
  promoted?: readonly string[]
  /** The client's id of the call. */
  request?: string
  /** The outcome should tell where the time went. */
  timed?: boolean
  resultBytes: number
  args: Payload
}

/** All that a host tells an isolate. The order of sending is the order of effect; runs wait until the code is loaded. */
export type Down =
  /** The first message. `id` is for people: it becomes the title of a process isolate. */
  | { type: 'open'; id: string; directory: string }
  /** A session is placed here (again): what the isolate knew of it is replaced. */
  | { type: 'session'; seed: SessionSeed }
  | { type: 'session.close'; sessionId: SessionId }
  | { type: 'process'; process: ProcessFacts; variables: readonly VariableChange[] }
  | { type: 'process.close'; process: ProcessId }
  | RunMessage
  /** The call's signal aborts, and nothing else changes for it. */
  | { type: 'signal'; call: CallId; reason: string }
  /** `letGo`: the call is to be answered at once, whatever it still does. */
  | { type: 'cancel'; call: CallId; reason: string; letGo?: true }
  | { type: 'delta'; sessionId: SessionId; delta: Delta }
  | { type: 'facts'; facts: SessionFacts }
  /** Answers a closing: these runs, by their numbers, go elsewhere and never begin here; the others may. */
  | { type: 'withdrawn'; closing: number; runs: readonly number[] }
  | { type: 'answer'; ask: number; answer: Answer }
  | { type: 'refused'; ask: number; error: ErrorBody }

export interface EndedMessage {
  type: 'ended'
  call: CallId
  process: ProcessId
  value: Payload
  variables: readonly VariableChange[]
  timings?: RunTimings
}

export interface AskMessage {
  type: 'ask'
  ask: number
  call: CallId
  process: ProcessId
  request: HostRequest
  /** With `session.seed`: from now on this isolate is sent the deltas of that session. */
  subscribe: boolean
}

export type LogLevel = 'info' | 'warn' | 'error'

/** All that an isolate tells its host. */
export type Up =
  /** All code is loaded. `database`: which database methods there are. */
  | { type: 'ready'; methods: readonly MethodFacts[]; database: readonly string[] }
  /** The code cannot be loaded; the isolate is of no further use. */
  | { type: 'rejected'; error: ErrorBody }
  /** So many runs, counted from the isolate's start, may begin from now on. Sent only where they cannot be noted (see begun-log.ts). */
  | { type: 'taken'; runs: number }
  | EndedMessage
  | { type: 'failed'; call: CallId; process: ProcessId; error: ErrorBody; variables: readonly VariableChange[]; timings?: RunTimings }
  | AskMessage
  | { type: 'progressed'; call: CallId; process: ProcessId; fraction: number; text: string }
  | { type: 'log'; level: LogLevel; text: string; method: string | null; sessionId: SessionId | null; request: string | null }

export type { SlotChange }
