'use client'
import dynamic from 'next/dynamic'
import type { ReactNode } from 'react'
import { useWideScreen } from '../shell/use-wide-screen.ts'

const PanelSheet = dynamic(() => import('./panel-sheet.tsx').then((module) => module.PanelSheet), { ssr: false })

export interface SidePanelProps {
  label: string
  onClose: () => void
  children: ReactNode
}

/** Beside the list where there is room, so that the list stays at work; over it, from below, where there is none. */
export const SidePanel = (props: SidePanelProps) => {
  const wide = useWideScreen()
  if (!wide) return <PanelSheet {...props} />
  return <aside className="session-aside flex min-h-0 shrink-0 flex-col border-s border-border bg-surface">{props.children}</aside>
}
