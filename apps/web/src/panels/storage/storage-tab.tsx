'use client'
import { Database, History } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { Segmented } from '../../display/segmented.tsx'
import { HistoryView } from './history-view.tsx'
import { StorageView } from './storage-view.tsx'

interface StorageTabProps {
  id: string
  /** '' for the changes of all slots, else of the one; null for what is stored now. */
  history: string | null
  onHistory: (history: string | null) => void
}

/** A session's storage: what it holds now, or how it came to that. */
export const StorageTab = ({ id, history, onHistory }: StorageTabProps) => {
  const t = useTranslations('storage')
  return (
    <div className="flex flex-col gap-4">
      <div>
        <Segmented
          label={t('view')}
          options={[
            { value: 'now', label: t('now'), icon: <Database aria-hidden="true" className="size-3.5" /> },
            { value: 'history', label: t('history'), icon: <History aria-hidden="true" className="size-3.5" /> },
          ]}
          value={history === null ? 'now' : 'history'}
          onChange={(view) => onHistory(view === 'now' ? null : '')}
        />
      </div>
      {history === null ? <StorageView id={id} onHistory={onHistory} /> : <HistoryView id={id} slot={history} onSlot={onHistory} />}
    </div>
  )
}
