'use client'
import type { ErrorBody, SessionQuery, SessionRow, SessionSort } from '@tessera/protocol'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { SessionsList } from '../../../src/live/live-value.ts'
import { useView } from '../../../src/live/use-view.ts'
import { windowFor, windowRows } from '../../../src/table/row-window.ts'

const settleMs = 60

export interface SessionsWindowState {
  list: SessionsList | undefined
  gone: ErrorBody | null
  stale: boolean
  rowAt: (index: number) => { id: string; row: SessionRow } | undefined
  indexOf: (id: string) => number | null
  onVisible: (first: number, last: number) => void
}

/** The part of the list around what is on screen: it moves along, a moment after the scrolling does. */
export const useSessionsWindow = (query: SessionQuery, sort: SessionSort): SessionsWindowState => {
  const asked = JSON.stringify([query, sort])
  const [window, setWindow] = useState({ asked, offset: 0 })
  const offset = window.asked === asked ? window.offset : 0
  const { value, gone, stale } = useView('sessions', { kind: 'sessions', query, sort, offset, limit: windowRows })
  const list = value?.list
  const matching = list?.matching ?? 0

  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  useEffect(() => () => clearTimeout(timer.current ?? undefined), [])
  const onVisible = useCallback(
    (first: number, last: number) => {
      clearTimeout(timer.current ?? undefined)
      const moved = windowFor({ first, last }, offset, matching)
      if (moved !== offset) timer.current = setTimeout(() => setWindow({ asked, offset: moved }), settleMs)
    },
    [asked, offset, matching],
  )

  const rowAt = useCallback(
    (index: number) => {
      const id = list?.order[index - list.offset]
      const row = id === undefined ? undefined : list?.rows.get(id)
      return id === undefined || row === undefined ? undefined : { id, row }
    },
    [list],
  )
  const indexOf = useCallback(
    (id: string) => {
      const at = list?.order.indexOf(id) ?? -1
      return at < 0 || list === undefined ? null : at + list.offset
    },
    [list],
  )
  return { list, gone, stale, rowAt, indexOf, onVisible }
}
