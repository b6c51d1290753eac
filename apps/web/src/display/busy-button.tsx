'use client'
import { Button } from '@heroui/react/button'
import type { ReactNode } from 'react'

export interface BusyButtonProps {
  /** Something runs: the button keeps its focus and does nothing. */
  busy: boolean
  variant: 'primary' | 'outline' | 'ghost' | 'danger' | 'danger-soft'
  size?: 'sm' | 'md'
  type?: 'button' | 'submit'
  form?: string
  fullWidth?: boolean
  autoFocus?: boolean
  isDisabled?: boolean
  'aria-label'?: string
  onPress?: () => void
  children: ReactNode
}

/**
 * A button for something that takes a moment. It is not disabled meanwhile, which would throw the keyboard's focus away,
 * and it does not use the library's pending state, whose announcer outlives a button that leaves with its dialog.
 */
export const BusyButton = ({ busy, onPress, type = 'button', children, ...rest }: BusyButtonProps) => (
  <Button {...rest} type={busy ? 'button' : type} aria-disabled={busy} onPress={() => (busy ? undefined : onPress?.())}>
    {children}
  </Button>
)
