'use client'
import type { SessionChip } from '@tessera/protocol'
import { useTranslations } from 'use-intl'
import { sessionChips } from '../../../src/address/query-names.ts'
import { FilterChips } from '../../../src/display/filter-chips.tsx'

interface ChipBarProps {
  chips: readonly SessionChip[]
  counts: Record<SessionChip, number> | undefined
  onChange: (chips: SessionChip[]) => void
}

export const ChipBar = ({ chips, counts, onChange }: ChipBarProps) => {
  const t = useTranslations('chip')
  return <FilterChips legend={t('label')} all={sessionChips} chosen={chips} labelOf={(chip) => t(chip)} counts={counts} onChange={onChange} />
}
