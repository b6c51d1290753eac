'use client'
import { SearchField } from '@heroui/react/search-field'
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import type { Go } from '../../../src/address/use-sessions-address.ts'
import { SearchHelp } from './search-help.tsx'

const settleMs = 50

interface SearchBarProps {
  inputRef: RefObject<HTMLInputElement | null>
  text: string
  go: Go
  /** Arrow down leaves the field for the list. */
  onDown: () => void
}

export const SearchBar = ({ inputRef, text, go, onDown }: SearchBarProps) => {
  const t = useTranslations('sessions')
  const [draft, setDraft] = useDraft(text, go)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown' && event.key !== 'Enter') return
    event.preventDefault()
    onDown()
  }
  return (
    <div className="flex items-center gap-2">
      <SearchField aria-label={t('search')} value={draft} onChange={setDraft} className="min-w-0 flex-1 md:max-w-xl">
        <SearchField.Group>
          <SearchField.SearchIcon />
          <SearchField.Input ref={inputRef} placeholder={t('placeholder')} spellCheck={false} autoComplete="off" onKeyDown={onKeyDown} />
          <SearchField.ClearButton />
        </SearchField.Group>
      </SearchField>
      <SearchHelp />
    </div>
  )
}

/** What is typed shows at once and reaches the address a moment later; an address that changes by itself wins. */
const useDraft = (text: string, go: Go): [string, (draft: string) => void] => {
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
      go({ text: next })
    }, settleMs)
  }
  return [draft, change]
}
