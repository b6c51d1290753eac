'use client'
import type { RefObject } from 'react'
import { useTranslations } from 'use-intl'
import type { Go } from '../../../src/address/use-sessions-address.ts'
import { SearchBox } from '../../../src/display/search-box.tsx'
import { SearchHelp } from './search-help.tsx'

interface SearchBarProps {
  inputRef: RefObject<HTMLInputElement | null>
  text: string
  go: Go
  onDown: () => void
}

export const SearchBar = ({ inputRef, text, go, onDown }: SearchBarProps) => {
  const t = useTranslations('sessions')
  return (
    <div className="flex items-center gap-2">
      <SearchBox inputRef={inputRef} label={t('search')} placeholder={t('placeholder')} text={text} onText={(next) => go({ text: next })} onDown={onDown} />
      <SearchHelp />
    </div>
  )
}
