'use client'
import { useEffect, useRef } from 'react'
import { usePreferences } from './preferences-provider.tsx'

export type KeyMap = Readonly<Record<string, () => void>>

const takesLetters =
  'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable], [role=dialog], [role=alertdialog], [role=listbox], [role=menu]'

const isForKeys = (event: KeyboardEvent): boolean =>
  !event.defaultPrevented &&
  !event.ctrlKey &&
  !event.metaKey &&
  !event.altKey &&
  !(event.target instanceof Element && event.target.closest(takesLetters) !== null) &&
  document.querySelector('[role=dialog][data-slot], [role=alertdialog]') === null

/** Shortcuts of one character, unless the operator turned them off or is writing something. */
export const useSingleKeys = (keys: KeyMap): void => {
  const { singleKeys } = usePreferences()
  const latest = useRef(keys)
  latest.current = keys
  useEffect(() => {
    if (!singleKeys) return
    const onKey = (event: KeyboardEvent) => {
      const act = Object.hasOwn(latest.current, event.key) ? latest.current[event.key] : undefined
      if (act === undefined || !isForKeys(event)) return
      event.preventDefault()
      act()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [singleKeys])
}
