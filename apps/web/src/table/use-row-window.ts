'use client'
import type { ErrorBody } from '@tessera/protocol'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { RowsList } from '../live/live-value.ts'
import { windowFor } from './row-window.ts'

const settleMs = 60

/** What a live list tells of the window that was asked for. */
export interface ListedRows<Row, Chip extends string> {
  list: RowsList<Row, Chip> | undefined
  gone: ErrorBody | null
  stale: boolean
}

export interface RowWindow<Row, Chip extends string> extends ListedRows<Row, Chip> {
  rowAt: (index: number) => { id: string; row: Row } | undefined
  indexOf: (id: string) => number | null
  onVisible: (first: number, last: number) => void
}

/** From where on rows are watched. */
export interface WindowOffset {
  offset: number
  moveTo: (offset: number) => void
}

/** `asked`: the question, as a text; another one begins at the top. */
export const useWindowOffset = (asked: string): WindowOffset => {
  const [window, setWindow] = useState({ asked, offset: 0 })
  const moveTo = useCallback((offset: number) => setWindow({ asked, offset }), [asked])
  return { offset: window.asked === asked ? window.offset : 0, moveTo }
}

/** The part of a list around what is on screen: it moves along, a moment after the scrolling does. */
export const useRowWindow = <Row, Chip extends string>(
  { list, gone, stale }: ListedRows<Row, Chip>,
  { offset, moveTo }: WindowOffset,
): RowWindow<Row, Chip> => {
  const matching = list?.matching ?? 0
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  useEffect(() => () => clearTimeout(timer.current ?? undefined), [])
  const onVisible = useCallback(
    (first: number, last: number) => {
      clearTimeout(timer.current ?? undefined)
      const moved = windowFor({ first, last }, offset, matching)
      if (moved !== offset) timer.current = setTimeout(() => moveTo(moved), settleMs)
    },
    [offset, matching, moveTo],
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
