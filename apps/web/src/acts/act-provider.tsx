'use client'
import dynamic from 'next/dynamic'
import { createContext, type ReactNode, use, useMemo, useState } from 'react'
import type { ActName, ActTarget } from './acts.ts'

const ActDialog = dynamic(() => import('./act-dialog.tsx').then((module) => module.ActDialog), { ssr: false })

interface Acts {
  begin: (act: ActName, target: ActTarget) => void
}

const ActsContext = createContext<Acts>({ begin: () => undefined })

/** Any page begins an act; the one dialog shows whom it touches, asks why, does it and shows what became of it. */
export const ActProvider = ({ children }: { children: ReactNode }) => {
  const [current, setCurrent] = useState<{ act: ActName; target: ActTarget } | null>(null)
  const value = useMemo<Acts>(() => ({ begin: (act, target) => setCurrent({ act, target }) }), [])
  return (
    <ActsContext value={value}>
      {children}
      {current === null ? null : <ActDialog act={current.act} target={current.target} onClose={() => setCurrent(null)} />}
    </ActsContext>
  )
}

export const useActs = (): Acts => use(ActsContext)
