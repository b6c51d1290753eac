'use client'
import dynamic from 'next/dynamic'
import type { PanelTab } from '../address/session-url.ts'
import { useWideScreen } from '../shell/use-wide-screen.ts'

const PanelBody = dynamic(() => import('./session-panel-body.tsx').then((module) => module.SessionPanelBody), { ssr: false })
const PanelSheet = dynamic(() => import('./panel-sheet.tsx').then((module) => module.PanelSheet), { ssr: false })

export interface SessionPanelProps {
  id: string
  tab: PanelTab
  history: string | null
  onTab: (tab: PanelTab) => void
  onHistory: (history: string | null) => void
  onClose: () => void
}

/** Beside the list where there is room, so that the list stays at work; over it, from below, where there is none. */
export const SessionPanel = (props: SessionPanelProps) => {
  const wide = useWideScreen()
  if (!wide) return <PanelSheet {...props} />
  return (
    <aside className="session-aside flex min-h-0 shrink-0 flex-col border-s border-border bg-surface">
      <PanelBody key={props.id} {...props} />
    </aside>
  )
}
