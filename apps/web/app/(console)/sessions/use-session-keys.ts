'use client'
import type { SessionQuery, SessionRow } from '@tessera/protocol'
import type { RefObject } from 'react'
import { useActs } from '../../../src/acts/act-provider.tsx'
import type { ActName, ActTarget } from '../../../src/acts/acts.ts'
import { useEscape } from '../../../src/panels/use-escape.ts'
import { useMayAct } from '../../../src/shell/operator.tsx'
import { useSingleKeys } from '../../../src/shell/single-keys.ts'
import type { Selection, SelectionChange } from '../../../src/table/selection.ts'
import type { GridHandle } from '../../../src/table/virtual-grid.tsx'
import { dropEnded } from './selection-bar.tsx'
import { targetOf } from './selection-target.ts'
import type { SessionsWindowState } from './use-sessions-window.ts'

interface SessionKeys {
  grid: RefObject<GridHandle | null>
  search: RefObject<HTMLInputElement | null>
  list: SessionsWindowState
  selection: Selection<SessionRow, SessionQuery>
  select: (change: SelectionChange<SessionRow, SessionQuery>) => void
  cursor: number
  moveCursor: (index: number) => void
  open: (index: number) => void
  close: () => void
  panelOpen: boolean
}

/** The page's shortcuts. `d` and `r` act on the selection or, without one, on the row under the cursor. */
export const useSessionKeys = (keys: SessionKeys): void => {
  const acts = useActs()
  const mayAct = useMayAct()
  const { grid, search, list, selection, select, cursor, moveCursor, open, close, panelOpen } = keys
  const here = list.rowAt(cursor)

  const move = (index: number) => {
    const last = (list.list?.matching ?? 0) - 1
    if (last < 0) return
    const to = Math.min(Math.max(0, index), last)
    moveCursor(to)
    grid.current?.reveal(to)
    grid.current?.focus()
  }
  const act = (name: ActName) => {
    const target: ActTarget | null = targetOf(selection) ?? (here === undefined ? null : { kind: 'rows', rows: [here.row] })
    if (target !== null && mayAct) acts.begin(name, target, (result) => dropEnded(select)(name, result))
  }

  const openCurrent = () => {
    if (cursor >= 0 && !isOnControl()) open(cursor)
  }

  useSingleKeys({
    '/': () => search.current?.focus(),
    j: () => move(cursor + 1),
    k: () => move(cursor - 1),
    x: () => {
      if (here !== undefined) select({ type: 'toggle', rows: [[here.id, here.row]], on: !selection.rows.has(here.id) })
    },
    Enter: openCurrent,
    d: () => act('disconnect'),
    r: () => act('reload'),
  })

  useEscape(panelOpen ? close : null)
}

/** Enter belongs to the button or link that has the focus. */
const isOnControl = (): boolean => document.activeElement?.closest('button, a, input, [role=tab], summary') != null
