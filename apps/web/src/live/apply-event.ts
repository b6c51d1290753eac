import type { QueryClient } from '@tanstack/react-query'
import { type ErrorBody, limits, type StorageHistoryRows, type StorageRows, type StorageSlotRow, type ViewPatch, type ViewState } from '@tessera/protocol'
import type { LiveEntry, LiveValue, RowsList, ViewKey } from './live-value.ts'

/** Everything that the live socket can say about one open view. */
export type LiveMessage = { type: 'snapshot'; state: ViewState } | { type: 'change'; patch: ViewPatch } | { type: 'gone'; error: ErrorBody }

/** The one way from a live message into the cache that the pages read. */
export const applyEvent = (cache: QueryClient, key: ViewKey, message: LiveMessage): void => {
  cache.setQueryData<LiveEntry>(key, (entry) => nextEntry(entry, message))
}

/** What a view holds after a message; pure. */
export const nextEntry = (entry: LiveEntry | undefined, message: LiveMessage): LiveEntry => {
  const value = entry?.value ?? null
  switch (message.type) {
    case 'snapshot':
      return { value: fromSnapshot(value, message.state), gone: null }
    case 'change':
      return { value: fromPatch(value, message.patch), gone: null }
    case 'gone':
      return { value, gone: message.error }
  }
}

const fromSnapshot = (value: LiveValue | null, state: ViewState): LiveValue => {
  switch (state.kind) {
    case 'sessions':
      return { kind: 'sessions', list: takeWindow(value?.kind === 'sessions' ? value.list : null, state.window) }
    case 'processes':
      return { kind: 'processes', list: takeWindow(value?.kind === 'processes' ? value.list : null, state.window) }
    case 'storage':
      return { ...state, seenClock: value?.kind === 'storage' ? value.seenClock : state.storage.clock }
    case 'history':
      return { ...state, seenClock: value?.kind === 'history' ? value.seenClock : (state.history.changes[0]?.clock ?? 0) }
    case 'server':
    case 'session':
    case 'procedures':
    case 'isolates':
    case 'calls':
    case 'versions':
      return state
  }
}

const fromPatch = (value: LiveValue | null, patch: ViewPatch): LiveValue | null => {
  switch (patch.kind) {
    case 'sessions':
      return { kind: 'sessions', list: mergeWindow(value?.kind === 'sessions' ? value.list : null, patch.window) }
    case 'processes':
      return { kind: 'processes', list: mergeWindow(value?.kind === 'processes' ? value.list : null, patch.window) }
    case 'storage':
      // Without its snapshot a change has nothing to stand on; the snapshot that follows holds it.
      return value?.kind === 'storage' ? { ...value, storage: mergeSlots(value.storage, patch) } : value
    case 'history':
      return value?.kind === 'history' ? { ...value, history: addChanges(value.history, patch) } : value
    case 'calls':
      return value?.kind === 'calls' ? { ...value, calls: [...patch.added, ...value.calls].slice(0, limits.callsShown) } : value
    case 'server':
    case 'session':
    case 'procedures':
    case 'isolates':
    case 'versions':
      return patch
  }
}

/** A list as it travels: its rows in no map yet. */
type SentList<Row, Chip extends string> = Omit<RowsList<Row, Chip>, 'rows'> & { rows: readonly Row[] }

/** A snapshot says everything again; what it says of a row that is known and the same is no news. */
const takeWindow = <Row extends { id: string }, Chip extends string>(list: RowsList<Row, Chip> | null, window: SentList<Row, Chip>): RowsList<Row, Chip> => {
  const rows = window.rows.map((row) => {
    const known = list?.rows.get(row.id)
    return known !== undefined && JSON.stringify(known) === JSON.stringify(row) ? known : row
  })
  return mergeWindow(null, { ...window, rows })
}

/** Rows that did not change keep their identity, so that they are not painted again. */
const mergeWindow = <Row extends { id: string }, Chip extends string>(
  list: RowsList<Row, Chip> | null,
  { rows: sent, ...window }: SentList<Row, Chip>,
): RowsList<Row, Chip> => {
  const fresh = new Map(sent.map((row) => [row.id, row]))
  const rows = new Map<string, Row>()
  for (const id of window.order) {
    const row = fresh.get(id) ?? list?.rows.get(id)
    if (row !== undefined) rows.set(id, row)
  }
  return { ...window, rows }
}

interface SlotsPatch {
  clock: number
  bytes: number
  changed: StorageSlotRow[]
  removed: string[]
}

const mergeSlots = (storage: StorageRows, patch: SlotsPatch): StorageRows => {
  const slots = new Map(storage.slots.map((row) => [row.slot, row]))
  for (const row of patch.changed) slots.set(row.slot, row)
  for (const slot of patch.removed) slots.delete(slot)
  return { ...storage, clock: patch.clock, bytes: patch.bytes, slots: [...slots.values()] }
}

/** What the server keeps no longer is not shown either. */
const addChanges = (history: StorageHistoryRows, { added, oldest }: Extract<ViewPatch, { kind: 'history' }>): StorageHistoryRows => ({
  ...history,
  changes: [...added, ...history.changes].filter(({ clock }) => clock >= oldest),
})
