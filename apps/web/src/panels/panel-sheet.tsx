'use client'
import { Drawer } from '@heroui/react/drawer'
import { useTranslations } from 'use-intl'
import type { SessionPanelProps } from './session-panel.tsx'
import { SessionPanelBody } from './session-panel-body.tsx'

export const PanelSheet = (props: SessionPanelProps) => {
  const t = useTranslations('panel')
  return (
    <Drawer.Backdrop isOpen onOpenChange={(open) => (open ? undefined : props.onClose())}>
      <Drawer.Content placement="bottom">
        <Drawer.Dialog aria-label={t('label')} className="flex h-[85dvh] flex-col p-0 pt-2">
          <Drawer.Handle />
          <SessionPanelBody key={props.id} {...props} />
        </Drawer.Dialog>
      </Drawer.Content>
    </Drawer.Backdrop>
  )
}
