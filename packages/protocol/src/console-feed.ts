import { z } from 'zod'
import { type ProcessChip, processQuery, processSort } from './process-query.ts'
import type {
  CallRow,
  IsolateRow,
  ProcessRow,
  ScheduleRow,
  ServerRow,
  SessionDetail,
  SessionRow,
  StorageChangeRow,
  StorageHistoryRows,
  StorageRows,
  StorageSlotRow,
  VersionRow,
} from './rows.ts'
import { type SessionChip, sessionQuery, sessionSort } from './session-query.ts'
import type { ErrorBody } from './tessera-error.ts'

/**
 * The console's live views, over the socket.io namespace `/console`. A viewer opens *windows* (`watch`) and is told what
 * changes in them, coalesced to at most four messages a second each; nobody watching costs nothing.
 *
 * client -> server, with acknowledgement: `watch` (WatchRequest) answers WatchReply; `unwatch` ({watch}) answers nothing.
 * server -> client: `change` (ViewChange); `gone` ({watch, error}) when what is watched no longer exists.
 * Opening a `watch` number again replaces its view (a new filter, another window) and answers a fresh snapshot.
 */
export const consoleView = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('server') }),
  z.object({ kind: z.literal('sessions'), query: sessionQuery, sort: sessionSort, offset: z.number().int().min(0), limit: z.number().int().min(1).max(500) }),
  z.object({ kind: z.literal('session'), id: z.string() }),
  z.object({ kind: z.literal('storage'), id: z.string() }),
  z.object({ kind: z.literal('history'), id: z.string() }),
  z.object({ kind: z.literal('procedures') }),
  z.object({ kind: z.literal('processes'), query: processQuery, sort: processSort, offset: z.number().int().min(0), limit: z.number().int().min(1).max(500) }),
  z.object({ kind: z.literal('isolates') }),
  /** Calls as they end, of all sessions or of one; `slow`: only the slow ones. */
  z.object({ kind: z.literal('calls'), slow: z.boolean(), session: z.string().nullable() }),
  z.object({ kind: z.literal('versions') }),
])
export type ConsoleView = z.infer<typeof consoleView>

export const watchRequest = z.object({ watch: z.number().int().min(0), view: consoleView })
export type WatchRequest = z.infer<typeof watchRequest>
export const unwatchRequest = z.object({ watch: z.number().int().min(0) })

export interface SessionsWindow {
  total: number
  matching: number
  /** How many sessions each chip alone would show. */
  counts: Record<SessionChip, number>
  offset: number
  /** Ids of the rows in the window, in order. */
  order: string[]
  /** In a snapshot all rows of `order`; in a change only the rows that are new to the viewer or changed. */
  rows: SessionRow[]
}

/** As with sessions: a change holds only the rows that are new to the viewer or changed. */
export interface ProcessesWindow {
  total: number
  matching: number
  counts: Record<ProcessChip, number>
  offset: number
  order: string[]
  rows: ProcessRow[]
}

/** A view's whole state (snapshot), or what changed in it. Small views always travel whole. */
export type ViewState =
  | { kind: 'server'; server: ServerRow }
  | { kind: 'sessions'; window: SessionsWindow }
  | { kind: 'session'; session: SessionDetail }
  | { kind: 'storage'; storage: StorageRows }
  | { kind: 'history'; history: StorageHistoryRows }
  | { kind: 'procedures'; processes: ProcessRow[]; schedules: ScheduleRow[] }
  | { kind: 'processes'; window: ProcessesWindow }
  | { kind: 'isolates'; isolates: IsolateRow[] }
  /** Newest first, at most `limits.callsShown`. */
  | { kind: 'calls'; calls: CallRow[] }
  | { kind: 'versions'; versions: VersionRow[]; server: ServerRow }

export type ViewPatch =
  | Exclude<ViewState, { kind: 'storage' | 'history' | 'calls' }>
  | { kind: 'storage'; clock: number; bytes: number; changed: StorageSlotRow[]; removed: string[] }
  /** `added`, newest first; those before clock `oldest` are no longer kept. */
  | { kind: 'history'; added: StorageChangeRow[]; oldest: number }
  /** Those that ended since, newest first. */
  | { kind: 'calls'; added: CallRow[] }

export type WatchReply = { ok: true; state: ViewState } | { ok: false; error: ErrorBody }
export interface ViewChange {
  watch: number
  patch: ViewPatch
}
export interface ViewGone {
  watch: number
  error: ErrorBody
}

export interface ConsoleUpEvents {
  watch: (request: WatchRequest, reply: (answer: WatchReply) => void) => void
  unwatch: (request: { watch: number }) => void
}
export interface ConsoleDownEvents {
  change: (change: ViewChange) => void
  gone: (gone: ViewGone) => void
  /** The operator's session ended (signed out elsewhere, expired): the console goes to sign-in. */
  signedOut: () => void
}
