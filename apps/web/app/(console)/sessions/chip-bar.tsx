'use client'
import type { SessionChip } from '@tessera/protocol'
import { useFormatter, useTranslations } from 'use-intl'
import { sessionChips } from '../../../src/address/query-names.ts'

interface ChipBarProps {
  chips: readonly SessionChip[]
  counts: Record<SessionChip, number> | undefined
  onChange: (chips: SessionChip[]) => void
}

/** Ready-made filters, each with how many sessions it alone would show. */
export const ChipBar = ({ chips, counts, onChange }: ChipBarProps) => {
  const t = useTranslations('chip')
  const format = useFormatter()
  const toggle = (chip: SessionChip) => onChange(sessionChips.filter((one) => (one === chip ? !chips.includes(one) : chips.includes(one))))
  return (
    <fieldset className="flex min-w-0 gap-1.5 max-sm:-mx-4 max-sm:overflow-x-auto max-sm:px-4 max-sm:py-0.5 sm:flex-wrap">
      <legend className="sr-only">{t('label')}</legend>
      {sessionChips.map((chip) => {
        const count = counts?.[chip]
        return (
          <button
            key={chip}
            type="button"
            aria-pressed={chips.includes(chip)}
            onClick={() => toggle(chip)}
            className={`filter-chip ${count === 0 ? 'text-muted' : ''}`}
          >
            {t(chip)}
            <span className="filter-chip-count">{count === undefined ? '' : format.number(count)}</span>
          </button>
        )
      })}
    </fieldset>
  )
}
