'use client'
import { Gauge, List } from 'lucide-react'
import type { RefObject } from 'react'
import { useTranslations } from 'use-intl'
import type { CallsUrl } from '../../../src/address/call-url.ts'
import { OneSessionChip } from '../../../src/display/one-session-chip.tsx'
import { SearchBox } from '../../../src/display/search-box.tsx'
import { Segmented } from '../../../src/display/segmented.tsx'
import { SplitLegend } from '../../../src/panels/calls/split-bar.tsx'
import type { GoTo } from './use-calls-address.ts'

interface CallsToolsProps {
  search: RefObject<HTMLInputElement | null>
  address: CallsUrl
  go: GoTo
  onDown: () => void
}

/** Which calls are shown, and what their colours mean. */
export const CallsTools = ({ search, address, go, onDown }: CallsToolsProps) => {
  const t = useTranslations('calls')
  return (
    <div className="flex flex-col gap-2 px-4 pb-2">
      <SearchBox inputRef={search} label={t('search')} placeholder={t('placeholder')} text={address.text} onText={(text) => go({ text })} onDown={onDown} />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Which slow={address.slow} onSlow={(slow) => go({ slow, call: null })} />
        {address.session === null ? null : <OneSessionChip onClear={() => go({ session: null })} />}
        <SplitLegend />
      </div>
    </div>
  )
}

const Which = ({ slow, onSlow }: { slow: boolean; onSlow: (slow: boolean) => void }) => {
  const t = useTranslations('calls')
  const options = [
    { value: 'all', label: t('all'), icon: <List aria-hidden="true" className="size-3.5" /> },
    { value: 'slow', label: t('slow'), icon: <Gauge aria-hidden="true" className="size-3.5" /> },
  ] as const
  return <Segmented label={t('which')} options={options} value={slow ? 'slow' : 'all'} onChange={(value) => onSlow(value === 'slow')} />
}
