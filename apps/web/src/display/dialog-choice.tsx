'use client'
import { Button } from '@heroui/react/button'
import { BusyButton, type BusyButtonProps } from './busy-button.tsx'

interface DialogChoiceProps extends Pick<BusyButtonProps, 'busy' | 'variant' | 'autoFocus' | 'isDisabled' | 'children'> {
  /** The id of the form that the doing button submits. */
  form: string
  /** What the button that leaves all as it is says. */
  leave: string
  onLeave: () => void
}

/** The two ways out of a dialog that asks: leave all as it is, or do it. Neither while it is being done. */
export const DialogChoice = ({ leave, onLeave, ...doing }: DialogChoiceProps) => (
  <>
    <Button variant="outline" onPress={onLeave} isDisabled={doing.busy}>
      {leave}
    </Button>
    <BusyButton type="submit" {...doing} />
  </>
)
