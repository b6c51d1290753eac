'use client'
import { SearchField } from '@heroui/react/search-field'
import type { SessionSort } from '@tessera/protocol'
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { sessionSortColumns } from '../../../src/address/query-names.ts'
import type { Go } from '../../../src/address/use-sessions-address.ts'
import { SearchHelp } from './search-help.tsx'

const settleMs = 50

interface SearchBarProps {
  inputRef: RefObject<HTMLInputElement | null>
  text: string
  sort: SessionSort
  go: Go
  /** Arrow down leaves the field for the list. */
  onDown: () => void
}

export const SearchBar = ({ inputRef, text, sort, go, onDown }: SearchBarProps) => {
  const t = useTranslations('sessions')
  const [draft, setDraft] = useDraft(text, go)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown' && event.key !== 'Enter') return
    event.preventDefault()
    onDown()
  }
  return (
    <div className="flex flex-wrap items-center gap-2">
      <SearchField aria-label={t('search')} value={draft} onChange={setDraft} className="min-w-0 flex-1 basis-64 md:max-w-xl">
        <SearchField.Group>
          <SearchField.SearchIcon />
          <SearchField.Input ref={inputRef} placeholder={t('placeholder')} spellCheck={false} autoComplete="off" onKeyDown={onKeyDown} />
          <SearchField.ClearButton />
        </SearchField.Group>
      </SearchField>
      <SearchHelp />
      <SortChoice sort={sort} go={go} />
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

/** Narrow screens have no column headers to press. */
const SortChoice = ({ sort, go }: { sort: SessionSort; go: Go }) => {
  const t = useTranslations()
  return (
    <label className="flex items-center gap-2 text-xs text-muted sm:hidden">
      <span className="sr-only">{t('sessions.sortBy')}</span>
      <select
        className="native-select"
        value={`${sort.column} ${sort.direction}`}
        onChange={(event) => {
          const [name, direction] = event.target.value.split(' ')
          const column = sessionSortColumns.find((one) => one === name)
          if (column !== undefined) go({ sort: { column, direction: direction === 'ascending' ? 'ascending' : 'descending' } })
        }}
      >
        {sessionSortColumns.flatMap((column) => [
          <option key={`${column} ascending`} value={`${column} ascending`}>
            {t(`column.${column}`)} ↑
          </option>,
          <option key={`${column} descending`} value={`${column} descending`}>
            {t(`column.${column}`)} ↓
          </option>,
        ])}
      </select>
    </label>
  )
}
