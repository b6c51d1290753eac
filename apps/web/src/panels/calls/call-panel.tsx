'use client'
import type { CallRow } from '@tessera/protocol'
import dynamic from 'next/dynamic'
import { useTranslations } from 'use-intl'
import { SidePanel } from '../side-panel.tsx'

const PanelBody = dynamic(() => import('./call-panel-body.tsx').then((module) => module.CallPanelBody), { ssr: false })

export interface CallPanelProps {
  number: number
  /** Undefined once it is no longer among those that are shown. */
  call: CallRow | undefined
  onClose: () => void
}

export const CallPanel = (props: CallPanelProps) => {
  const t = useTranslations('calls')
  return (
    <SidePanel label={t('panel')} onClose={props.onClose}>
      <PanelBody key={props.number} {...props} />
    </SidePanel>
  )
}
