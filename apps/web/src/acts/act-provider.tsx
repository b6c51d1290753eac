'use client'
import type { ActResult } from '@tessera/protocol'
import dynamic from 'next/dynamic'
import { createContext, type ReactNode, use, useMemo, useState } from 'react'
import type { ActName, ActTarget } from './acts.ts'

const ActDialog = dynamic(() => import('./act-dialog.tsx').then((module) => module.ActDialog), { ssr: false })

interface Acts {
  /** `onDone` hears what became of each target. */
  begin: (act: ActName, target: ActTarget, onDone?: (result: ActResult) => void) => void
}

interface Current {
  act: ActName
  target: ActTarget
  onDone: (result: ActResult) => void
}

const ActsContext = createContext<Acts>({ begin: () => undefined })

/** Any page begins an act; the one dialog shows whom it touches, asks why, does it and shows what became of it. */
export const ActProvider = ({ children }: { children: ReactNode }) => {
  const [current, setCurrent] = useState<Current | null>(null)
  const value = useMemo<Acts>(() => ({ begin: (act, target, onDone = () => undefined) => setCurrent({ act, target, onDone }) }), [])
  return (
    <ActsContext value={value}>
      {children}
      {current === null ? null : <ActDialog {...current} onClose={() => setCurrent(null)} />}
    </ActsContext>
  )
}

export const useActs = (): Acts => use(ActsContext)
