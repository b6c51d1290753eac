'use client'
import dynamic from 'next/dynamic'
import { useTranslations } from 'use-intl'
import type { PanelTab } from '../address/session-url.ts'
import { SidePanel } from './side-panel.tsx'

const PanelBody = dynamic(() => import('./session-panel-body.tsx').then((module) => module.SessionPanelBody), { ssr: false })

export interface SessionPanelProps {
  id: string
  tab: PanelTab
  history: string | null
  onTab: (tab: PanelTab) => void
  onHistory: (history: string | null) => void
  onClose: () => void
}

export const SessionPanel = (props: SessionPanelProps) => {
  const t = useTranslations('panel')
  return (
    <SidePanel label={t('label')} onClose={props.onClose}>
      <PanelBody key={props.id} {...props} />
    </SidePanel>
  )
}
