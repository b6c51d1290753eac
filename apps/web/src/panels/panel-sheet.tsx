'use client'
import { Drawer } from '@heroui/react/drawer'
import type { SidePanelProps } from './side-panel.tsx'

export const PanelSheet = ({ label, onClose, children }: SidePanelProps) => (
  <Drawer.Backdrop isOpen onOpenChange={(open) => (open ? undefined : onClose())}>
    <Drawer.Content placement="bottom">
      <Drawer.Dialog aria-label={label} className="flex h-[85dvh] flex-col p-0 pt-2">
        <Drawer.Handle />
        {children}
      </Drawer.Dialog>
    </Drawer.Content>
  </Drawer.Backdrop>
)
