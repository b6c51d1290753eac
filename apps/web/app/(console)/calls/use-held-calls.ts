'use client'
import type { CallRow } from '@tessera/protocol'
import { useCallback, useState } from 'react'
import { newSince } from '../../../src/panels/calls/call-list.ts'

export interface HeldCalls {
  /** The list as it was when it was held, else as it is. */
  shown: readonly CallRow[] | undefined
  isHeld: boolean
  waiting: { count: number; more: boolean }
  toggle: () => void
}

/** Holds the list for as long as somebody reads it. `asked`: the question, as a text; another one is not held. */
export const useHeldCalls = (calls: readonly CallRow[] | undefined, asked: string): HeldCalls => {
  const [held, setHeld] = useState<{ asked: string; calls: readonly CallRow[] } | null>(null)
  const current = held !== null && held.asked === asked ? held.calls : null
  const isHeld = current !== null
  const toggle = useCallback(() => setHeld(isHeld || calls === undefined ? null : { asked, calls }), [isHeld, asked, calls])
  return {
    shown: current ?? calls,
    isHeld,
    waiting: current === null || calls === undefined ? { count: 0, more: false } : newSince(current, calls),
    toggle,
  }
}
