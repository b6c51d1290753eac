'use client'
import dynamic from 'next/dynamic'
import { createContext, type ReactNode, use, useMemo, useState } from 'react'
import { useSingleKeys } from './single-keys.ts'

const KeysHelp = dynamic(() => import('./keys-help.tsx').then((module) => module.KeysHelp), { ssr: false })

const KeysContext = createContext<{ showHelp: () => void }>({ showHelp: () => undefined })

/** The list of shortcuts, one key away on every page. */
export const KeysProvider = ({ children }: { children: ReactNode }) => {
  const [helpOpen, setHelpOpen] = useState(false)
  const value = useMemo(() => ({ showHelp: () => setHelpOpen(true) }), [])
  useSingleKeys({ '?': value.showHelp })
  return (
    <KeysContext value={value}>
      {children}
      {helpOpen ? <KeysHelp onClose={() => setHelpOpen(false)} /> : null}
    </KeysContext>
  )
}

export const useKeys = () => use(KeysContext)
