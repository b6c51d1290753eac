import type {
  CallRow,
  ConsoleView,
  ErrorBody,
  IsolateRow,
  ProcessChip,
  ProcessRow,
  ScheduleRow,
  ServerRow,
  SessionChip,
  SessionDetail,
  SessionRow,
  StorageHistoryRows,
  StorageRows,
  VersionRow,
} from '@tessera/protocol'

/** The part of a sorted, filtered list that the viewer asked for. */
export interface RowsList<Row, Chip extends string> {
  total: number
  matching: number
  counts: Record<Chip, number>
  offset: number
  order: readonly string[]
  rows: ReadonlyMap<string, Row>
}
export type SessionsList = RowsList<SessionRow, SessionChip>
export type ProcessesList = RowsList<ProcessRow, ProcessChip>

/** What the cache holds for each kind of view. */
export type LiveValue =
  | { kind: 'server'; server: ServerRow }
  | { kind: 'sessions'; list: SessionsList }
  | { kind: 'session'; session: SessionDetail }
  /** `seenClock`: the storage clock when the view was opened; what is newer is worth pointing at. */
  | { kind: 'storage'; storage: StorageRows; seenClock: number }
  | { kind: 'history'; history: StorageHistoryRows; seenClock: number }
  | { kind: 'procedures'; processes: readonly ProcessRow[]; schedules: readonly ScheduleRow[] }
  | { kind: 'processes'; list: ProcessesList }
  | { kind: 'isolates'; isolates: readonly IsolateRow[] }
  | { kind: 'calls'; calls: readonly CallRow[] }
  | { kind: 'versions'; versions: readonly VersionRow[]; server: ServerRow }

/** A view's last state, and why there will be no other when what it watched is gone. */
export interface LiveEntry {
  value: LiveValue | null
  gone: ErrorBody | null
}

export type ViewKind = ConsoleView['kind']
export type ViewOf<Kind extends ViewKind> = Extract<ConsoleView, { kind: Kind }>
export type ValueOf<Kind extends ViewKind> = Extract<LiveValue, { kind: Kind }>
export type ViewKey = readonly ['live', ...(string | object)[]]

export const isValueOf = <Kind extends ViewKind>(value: LiveValue, kind: Kind): value is ValueOf<Kind> => value.kind === kind

/** Windows of one list share one key: scrolling moves the window, it does not open another view. */
export const viewKey = (view: ConsoleView): ViewKey => {
  switch (view.kind) {
    case 'sessions':
      return ['live', 'sessions', view.query, view.sort]
    case 'session':
    case 'storage':
    case 'history':
      return ['live', view.kind, view.id]
    case 'processes':
      return ['live', view.kind, view.query, view.sort]
    case 'calls':
      return ['live', view.kind, view.slow ? 'slow' : '', view.session ?? '']
    case 'isolates':
    case 'server':
    case 'procedures':
    case 'versions':
      return ['live', view.kind]
  }
}
