'use client'
import type { ProcessChip, ProcessQuery, ProcessRow, ProcessSort } from '@tessera/protocol'
import { useView } from '../../../src/live/use-view.ts'
import { windowRows } from '../../../src/table/row-window.ts'
import { type RowWindow, useRowWindow, useWindowOffset } from '../../../src/table/use-row-window.ts'

export type ProcessesWindowState = RowWindow<ProcessRow, ProcessChip>

export const useProcessesWindow = (query: ProcessQuery, sort: ProcessSort): ProcessesWindowState => {
  const at = useWindowOffset(JSON.stringify([query, sort]))
  const { value, gone, stale } = useView('processes', { kind: 'processes', query, sort, offset: at.offset, limit: windowRows })
  return useRowWindow({ list: value?.list, gone, stale }, at)
}
