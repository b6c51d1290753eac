'use client'
import { SearchField } from '@heroui/react/search-field'
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react'

const settleMs = 50

export interface SearchBoxProps {
  inputRef: RefObject<HTMLInputElement | null>
  label: string
  placeholder: string
  text: string
  onText: (text: string) => void
  /** Arrow down leaves the field for the list. */
  onDown: () => void
}

export const SearchBox = ({ inputRef, label, placeholder, text, onText, onDown }: SearchBoxProps) => {
  const [draft, setDraft] = useDraft(text, onText)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown' && event.key !== 'Enter') return
    event.preventDefault()
    onDown()
  }
  return (
    <SearchField aria-label={label} value={draft} onChange={setDraft} className="min-w-0 flex-1 md:max-w-xl">
      <SearchField.Group>
        <SearchField.SearchIcon />
        <SearchField.Input ref={inputRef} placeholder={placeholder} spellCheck={false} autoComplete="off" onKeyDown={onKeyDown} />
        <SearchField.ClearButton />
      </SearchField.Group>
    </SearchField>
  )
}

/** What is typed shows at once and reaches the address a moment later; an address that changes by itself wins. */
const useDraft = (text: string, onText: (text: string) => void): [string, (draft: string) => void] => {
  const [draft, setDraft] = useState(text)
  const written = useRef(text)
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  useEffect(() => {
    if (text !== written.current) setDraft(text)
    written.current = text
  }, [text])
  useEffect(() => () => clearTimeout(timer.current ?? undefined), [])
  const change = (next: string) => {
    setDraft(next)
    clearTimeout(timer.current ?? undefined)
    timer.current = setTimeout(() => {
      written.current = next
      onText(next)
    }, settleMs)
  }
  return [draft, change]
}
