'use client'
import type { TickState } from './grid-header.tsx'

/** The checkbox of the header. It is the browser's own: forty of the other kind would be paid for at every scroll. */
export const TickBox = ({ label, state, onToggle }: { label: string; state: TickState; onToggle: () => void }) => (
  <input
    type="checkbox"
    aria-label={label}
    className="tick-box"
    checked={state === 'all'}
    ref={(element) => {
      if (element !== null) element.indeterminate = state === 'some'
    }}
    onChange={onToggle}
  />
)
