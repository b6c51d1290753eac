'use client'
import dynamic from 'next/dynamic'
import { useTranslations } from 'use-intl'
import { SidePanel } from '../side-panel.tsx'

const PanelBody = dynamic(() => import('./process-panel-body.tsx').then((module) => module.ProcessPanelBody), { ssr: false })

export interface ProcessPanelProps {
  id: string
  onClose: () => void
}

export const ProcessPanel = (props: ProcessPanelProps) => {
  const t = useTranslations('processes')
  return (
    <SidePanel label={t('panel')} onClose={props.onClose}>
      <PanelBody key={props.id} {...props} />
    </SidePanel>
  )
}
