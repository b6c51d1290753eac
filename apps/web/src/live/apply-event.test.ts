import { QueryClient } from '@tanstack/react-query'
import type { SessionChip, SessionRow, SessionsWindow, StorageRows } from '@tessera/protocol'
import { describe, expect, it } from 'vitest'
import { callRow, sessionRow, slotRow } from '../testing/rows.ts'
import { applyEvent, type LiveMessage, nextEntry } from './apply-event.ts'
import { type LiveEntry, type SessionsList, viewKey } from './live-value.ts'

const counts: Record<SessionChip, number> = {
  remote: 0,
  storedProcedures: 0,
  standalone: 0,
  web: 0,
  counted: 0,
  outdated: 0,
  postponed: 0,
  sleeping: 0,
  unreachable: 0,
}
const windowOf = (order: string[], rows: SessionRow[], offset = 0): SessionsWindow => ({ total: 10, matching: order.length, counts, offset, order, rows })
const after = (...messages: LiveMessage[]): LiveEntry | undefined => messages.reduce<LiveEntry | undefined>(nextEntry, undefined)
const listAfter = (...messages: LiveMessage[]): SessionsList => {
  const value = after(...messages)?.value
  if (value?.kind !== 'sessions') throw new Error('no list')
  return value.list
}

const a = sessionRow({ id: 'A' })
const b = sessionRow({ id: 'B' })
const snapshot: LiveMessage = { type: 'snapshot', state: { kind: 'sessions', window: windowOf(['A', 'B'], [a, b]) } }

describe('the history of a storage', () => {
  const change = (clock: number) => ({ clock, at: '2026-10-12T08:30:00.000Z', by: 'ana', slots: [], more: 0 })
  const opened = nextEntry(undefined, { type: 'snapshot', state: { kind: 'history', history: { session: 'A', changes: [change(2), change(1)] } } })

  it('W17 puts new changes first, and lets go what the server lets go', () => {
    const next = nextEntry(opened, { type: 'change', patch: { kind: 'history', added: [change(4), change(3)], oldest: 2 } })
    expect(next.value).toMatchObject({ seenClock: 2, history: { changes: [{ clock: 4 }, { clock: 3 }, { clock: 2 }] } })
  })

  it('W17 remembers what was seen when the connection comes back', () => {
    const again = nextEntry(opened, { type: 'snapshot', state: { kind: 'history', history: { session: 'A', changes: [change(9)] } } })
    expect(again.value).toMatchObject({ seenClock: 2, history: { changes: [{ clock: 9 }] } })
  })
})

describe('a live list of sessions', () => {
  it('takes a snapshot whole', () => {
    expect([...listAfter(snapshot).rows.keys()]).toEqual(['A', 'B'])
  })

  it('changes the rows that were sent and keeps the identity of the others', () => {
    const busy = sessionRow({ id: 'B', calls: 7 })
    const list = listAfter(snapshot, { type: 'change', patch: { kind: 'sessions', window: windowOf(['B', 'A'], [busy]) } })
    expect(list.order).toEqual(['B', 'A'])
    expect(list.rows.get('A')).toBe(a)
    expect(list.rows.get('B')).toBe(busy)
  })

  it('forgets rows that left the window', () => {
    const list = listAfter(snapshot, { type: 'change', patch: { kind: 'sessions', window: windowOf(['A'], []) } })
    expect([...list.rows.keys()]).toEqual(['A'])
  })

  it('keeps the identity of rows of which a snapshot says nothing new', () => {
    const again = windowOf(['B', 'A'], [sessionRow({ id: 'B', calls: 1 }), sessionRow({ id: 'A' })])
    const list = listAfter(snapshot, { type: 'snapshot', state: { kind: 'sessions', window: again } })
    expect(list.rows.get('A')).toBe(a)
    expect(list.rows.get('B')).not.toBe(b)
  })

  it('starts afresh with each snapshot', () => {
    const list = listAfter(snapshot, { type: 'snapshot', state: { kind: 'sessions', window: windowOf(['A', 'C'], [sessionRow({ id: 'C' })], 50) } })
    expect(list.rows.has('A')).toBe(false)
    expect(list.offset).toBe(50)
  })
})

describe('a live storage', () => {
  const storage: StorageRows = { session: 'A', clock: 4, bytes: 10, quotaBytes: 100, slots: [slotRow('cart', { clock: 2 }), slotRow('user', { clock: 4 })] }
  const opened: LiveMessage = { type: 'snapshot', state: { kind: 'storage', storage } }
  const changed: LiveMessage = {
    type: 'change',
    patch: { kind: 'storage', clock: 6, bytes: 20, changed: [slotRow('cart', { clock: 5 }), slotRow('note', { clock: 6 })], removed: ['user'] },
  }

  it('sets what changed, adds what is new and drops what was removed', () => {
    const value = after(opened, changed)?.value
    expect(value).toMatchObject({ kind: 'storage', storage: { clock: 6, bytes: 20, quotaBytes: 100 } })
    expect(value?.kind === 'storage' ? value.storage.slots.map(({ slot, clock }) => [slot, clock]) : null).toEqual([
      ['cart', 5],
      ['note', 6],
    ])
  })

  it('remembers from when on something counts as new, through a reconnection too', () => {
    const again: LiveMessage = { type: 'snapshot', state: { kind: 'storage', storage: { ...storage, clock: 9 } } }
    expect(after(opened, changed, again)?.value).toMatchObject({ seenClock: 4 })
  })

  it('waits for its snapshot', () => {
    expect(after(changed)?.value ?? null).toBeNull()
  })
})

describe('any live view', () => {
  it('keeps what was last known when its object is gone, and comes back with the next snapshot', () => {
    const error = { code: 'SESSION_NOT_FOUND', message: 'It ended.' } as const
    const gone = after(snapshot, { type: 'gone', error })
    expect(gone).toMatchObject({ value: { kind: 'sessions' }, gone: error })
    expect(nextEntry(gone, snapshot).gone).toBeNull()
  })

  it('replaces the small views whole', () => {
    const entry = after({ type: 'snapshot', state: { kind: 'procedures', processes: [], schedules: [] } })
    expect(entry?.value).toEqual({ kind: 'procedures', processes: [], schedules: [] })
  })

  it('lands in the cache under its key, the same for every window of one list', () => {
    const cache = new QueryClient()
    const view = { kind: 'sessions', query: { text: 'ana', chips: [] }, sort: { column: 'calls', direction: 'ascending' }, limit: 200 } as const
    const keyAt = (offset: number) => viewKey({ ...view, query: { text: 'ana', chips: [] }, offset })
    applyEvent(cache, keyAt(0), snapshot)
    expect(cache.getQueryData<LiveEntry>(keyAt(400))?.value?.kind).toBe('sessions')
  })
})

describe('the log of calls', () => {
  it('W30 puts calls that ended since first, and keeps no more than it shows', () => {
    const calls = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_none, index) => callRow(from - index))
    const opened = nextEntry(undefined, { type: 'snapshot', state: { kind: 'calls', calls: calls(200, 1) } })
    const next = nextEntry(opened, { type: 'change', patch: { kind: 'calls', added: calls(202, 201) } })
    expect(next.value?.kind === 'calls' && next.value.calls.map(({ number }) => number)).toEqual(Array.from({ length: 200 }, (_none, index) => 202 - index))
  })
})
