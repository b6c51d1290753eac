'use client'
import { X } from 'lucide-react'
import { useTranslations } from 'use-intl'

/** Says that a list is narrowed to one session, and widens it again. */
export const OneSessionChip = ({ onClear }: { onClear: () => void }) => {
  const t = useTranslations('processes')
  return (
    <button type="button" className="filter-chip" aria-pressed="true" onClick={onClear}>
      {t('oneSession')} <X aria-hidden="true" className="size-3" />
      <span className="sr-only">{t('showAll')}</span>
    </button>
  )
}
