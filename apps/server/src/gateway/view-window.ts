import { sessionNamed } from '@tessera/api'
import type { DomainEvent, EventName, Reads } from '@tessera/core'
import { type CallRow, type ConsoleView, limits, type StorageHistoryRows, type ViewPatch, type ViewState } from '@tessera/protocol'

/** One open view of one viewer. */
export interface ViewWindow {
  /** Takes note of an event; answers whether it may have changed what is shown. */
  hear(event: DomainEvent): boolean
  snapshot(): Promise<ViewState>
  /** Some of what is shown changes without an event: it is looked at so often while somebody watches. */
  readonly everyMs?: number
  /** What changed since the last snapshot or patch; null when nothing did. @throws TesseraError when what is shown is gone. */
  patch(): Promise<ViewPatch | null>
}

export const openWindow = (reads: Reads, view: ConsoleView): ViewWindow => {
  switch (view.kind) {
    case 'server':
      return wholeWindow(hears('session.', 'version.', 'roles.', 'server.', 'entry.', 'licences.', 'drift.', 'otp.', 'isolate.'), async () => ({
        kind: 'server',
        server: await reads.server(),
      }))
    case 'sessions':
      return listWindow({ hearing: hears('session.', 'process.', 'call.ended', 'privileges.', 'version.') }, (next) => ({
        kind: 'sessions',
        window: next(reads.sessionsWindow(view)),
      }))
    case 'session':
      return wholeWindow(concerns(view.id), async () => ({ kind: 'session', session: reads.session(view.id) }))
    case 'storage':
      return storageWindow(reads, sessionNamed(reads, view.id))
    case 'history':
      return historyWindow(reads, sessionNamed(reads, view.id))
    case 'procedures':
      return wholeWindow(hears('procedure.', 'call.', 'version.', 'schedule.'), async () => ({
        kind: 'procedures',
        processes: reads.procedures(),
        schedules: reads.schedules(),
      }))
    case 'processes':
      return listWindow({ hearing: hears('process.', 'procedure.', 'call.', 'session.'), everyMs: measuredMs }, (next) => ({
        kind: 'processes',
        window: next(reads.processesWindow(view)),
      }))
    case 'isolates':
      return wholeWindow(
        hears('isolate.', 'session.quarantined', 'session.released', 'version.'),
        async () => ({ kind: 'isolates', isolates: reads.isolates() }),
        measuredMs,
      )
    case 'calls':
      return callsWindow(reads, view.slow, view.session === null ? null : sessionNamed(reads, view.session))
    case 'versions':
      return wholeWindow(hears('version.', 'roles.', 'session.', 'isolate.'), async () => {
        const [{ versions }, server] = await Promise.all([reads.versions(), reads.server()])
        return { kind: 'versions', versions, server }
      })
  }
}

/** CPU shares and the like. */
const measuredMs = 1000

type Hearing = (event: DomainEvent) => boolean

const hears =
  (...families: readonly string[]): Hearing =>
  ({ name }: { name: EventName }) =>
    families.some((family) => name.startsWith(family))

/** Events about one session, and those that change how every session looks. */
const concerns =
  (id: string): Hearing =>
  (event) =>
    'sessionId' in event ? event.sessionId === id : event.name.startsWith('version.') || event.name === 'roles.changed'

/** Small views travel whole, when something in them changed. */
const wholeWindow = (
  hearing: Hearing,
  read: () => Promise<Exclude<ViewState, { kind: 'storage' | 'history' | 'sessions' | 'processes' | 'calls' }>>,
  everyMs?: number,
): ViewWindow => {
  let dirty = false
  let shown = ''
  return {
    ...(everyMs === undefined ? {} : { everyMs }),
    hear: (event) => {
      const concerned = hearing(event)
      dirty ||= concerned
      return concerned
    },
    snapshot: async () => {
      const state = await read()
      shown = JSON.stringify(state)
      return state
    },
    patch: async () => {
      if (!dirty && everyMs === undefined) return null
      dirty = false
      const state = await read()
      const text = JSON.stringify(state)
      if (text === shown) return null
      shown = text
      return state
    },
  }
}

interface ListedWindow {
  rows: readonly { id: string }[]
}
/** Takes the window as it is now, and leaves of its rows those that the viewer has not seen so. */
type TakeNews = <Window extends ListedWindow>(window: Window) => Window

/** Rows that the viewer has not seen as they are now, the order of the window, and the totals. */
const listWindow = (
  { hearing, everyMs }: { hearing: Hearing; everyMs?: number },
  look: (take: TakeNews) => Extract<ViewState & ViewPatch, { kind: 'sessions' | 'processes' }>,
): ViewWindow => {
  let dirty = false
  let seen = new Map<string, string>()
  let frame = ''
  let news = false
  const takeNews: TakeNews = (window) => {
    const texts = new Map(window.rows.map((row) => [row.id, JSON.stringify(row)]))
    const fresh = window.rows.filter(({ id }) => texts.get(id) !== seen.get(id))
    const next = JSON.stringify({ ...window, rows: [] })
    news = fresh.length > 0 || next !== frame
    seen = texts
    frame = next
    return { ...window, rows: fresh }
  }
  return {
    ...(everyMs === undefined ? {} : { everyMs }),
    hear: (event) => {
      const concerned = hearing(event)
      dirty ||= concerned
      return concerned
    },
    snapshot: async () => {
      dirty = false
      seen = new Map()
      return look(takeNews)
    },
    patch: async () => {
      if (!dirty && everyMs === undefined) return null
      dirty = false
      const state = look(takeNews)
      return news ? state : null
    },
  }
}

/** Only the changes that came after the last one shown travel. */
const historyWindow = (reads: Reads, id: string): ViewWindow => {
  let dirty = false
  let clock = -1
  const note = (history: StorageHistoryRows): StorageHistoryRows => {
    clock = Math.max(clock, history.changes[0]?.clock ?? clock)
    return history
  }
  return {
    hear: (event) => {
      const concerned = concernsStorage(id, event)
      dirty ||= concerned
      return concerned
    },
    snapshot: async () => ({ kind: 'history', history: note(reads.storageHistory(id)) }),
    patch: async () => {
      if (!dirty) return null
      dirty = false
      const { changes } = note(reads.storageHistory(id, clock))
      return changes.length === 0 ? null : { kind: 'history', added: changes, oldest: reads.storageHistory(id).changes.at(-1)?.clock ?? 0 }
    },
  }
}

const concernsStorage = (id: string, event: DomainEvent): boolean =>
  'sessionId' in event && event.sessionId === id && (event.name === 'storage.changed' || event.name === 'session.closed')

/** Only the calls that ended since travel. */
const callsWindow = (reads: Reads, slow: boolean, session: string | null): ViewWindow => {
  let dirty = false
  let last = 0
  const news = (): CallRow[] => {
    dirty = false
    const calls = reads.calls({ slow, session, after: last, limit: limits.callsShown })
    last = calls[0]?.number ?? last
    return calls
  }
  return {
    hear: (event) => {
      const concerned = (event.name === 'call.ended' || event.name === 'call.refused') && (session === null || event.sessionId === session)
      dirty ||= concerned
      return concerned
    },
    snapshot: async () => {
      last = 0
      return { kind: 'calls', calls: news() }
    },
    patch: async () => {
      if (!dirty) return null
      const added = news()
      return added.length === 0 ? null : { kind: 'calls', added }
    },
  }
}

/** Only the slots that changed travel. */
const storageWindow = (reads: Reads, id: string): ViewWindow => {
  let dirty = false
  let clock = 0
  let shown = new Set<string>()
  const note = () => {
    const storage = reads.storage(id)
    const since = clock
    const before = shown
    clock = storage.clock
    shown = new Set(storage.slots.map(({ slot }) => slot))
    return { storage, since, removed: [...before].filter((slot) => !shown.has(slot)) }
  }
  return {
    hear: (event) => {
      const concerned = concernsStorage(id, event)
      dirty ||= concerned
      return concerned
    },
    snapshot: async () => ({ kind: 'storage', storage: note().storage }),
    patch: async () => {
      if (!dirty) return null
      dirty = false
      const { storage, since, removed } = note()
      const changed = storage.slots.filter((slot) => slot.clock > since)
      return changed.length === 0 && removed.length === 0 ? null : { kind: 'storage', clock: storage.clock, bytes: storage.bytes, changed, removed }
    },
  }
}
