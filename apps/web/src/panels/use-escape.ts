'use client'
import { useEffect } from 'react'

/** Escape closes what is open beside the list, unless a dialog is open above it. */
export const useEscape = (close: (() => void) | null): void => {
  useEffect(() => {
    if (close === null) return
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented && document.querySelector('[role=dialog][data-slot]') === null) close()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [close])
}
