'use client'
import type { SessionChip, SessionQuery, SessionRow, SessionSort } from '@tessera/protocol'
import { useView } from '../../../src/live/use-view.ts'
import { windowRows } from '../../../src/table/row-window.ts'
import { type RowWindow, useRowWindow, useWindowOffset } from '../../../src/table/use-row-window.ts'

export type SessionsWindowState = RowWindow<SessionRow, SessionChip>

export const useSessionsWindow = (query: SessionQuery, sort: SessionSort): SessionsWindowState => {
  const at = useWindowOffset(JSON.stringify([query, sort]))
  const { value, gone, stale } = useView('sessions', { kind: 'sessions', query, sort, offset: at.offset, limit: windowRows })
  return useRowWindow({ list: value?.list, gone, stale }, at)
}
