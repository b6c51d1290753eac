'use client'
import { Modal } from '@heroui/react/modal'
import type { ReactNode } from 'react'

interface DialogProps {
  title: string
  size?: 'sm' | 'md' | 'lg'
  /** While something runs that must not be left half seen. */
  locked?: boolean
  footer?: ReactNode
  onClose: () => void
  children: ReactNode
}

/** A modal dialog that exists while it is open: focus goes in, stays in, and returns where it came from. */
export const Dialog = ({ title, size = 'md', locked = false, footer, onClose, children }: DialogProps) => (
  <Modal.Backdrop isOpen isDismissable={!locked} isKeyboardDismissDisabled={locked} onOpenChange={(open) => (open ? undefined : onClose())}>
    <Modal.Container size={size} scroll="inside">
      <Modal.Dialog className="gap-3 p-5">
        <Modal.Header>
          <Modal.Heading className="text-base font-semibold">{title}</Modal.Heading>
        </Modal.Header>
        <Modal.Body className="text-foreground">{children}</Modal.Body>
        {footer === undefined ? null : <Modal.Footer className="flex-wrap">{footer}</Modal.Footer>}
        {locked ? null : <Modal.CloseTrigger />}
      </Modal.Dialog>
    </Modal.Container>
  </Modal.Backdrop>
)
