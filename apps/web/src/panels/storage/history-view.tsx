'use client'
import type { StorageChangeRow } from '@tessera/protocol'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Empty } from '../../display/empty.tsx'
import { FailureNotice } from '../../display/failure-notice.tsx'
import { SkeletonLines } from '../../display/skeleton.tsx'
import { useView } from '../../live/use-view.ts'
import { ChangeItem } from './change-item.tsx'

const shownAtOnce = 50

interface HistoryViewProps {
  id: string
  /** '' shows the changes of every slot. */
  slot: string
  onSlot: (slot: string) => void
}

/** How a storage came to be what it is: each change with its writer, as it comes. */
export const HistoryView = ({ id, slot, onSlot }: HistoryViewProps) => {
  const t = useTranslations()
  const [shown, setShown] = useState(shownAtOnce)
  const { value, gone } = useView('history', { kind: 'history', id })
  if (value === undefined) return gone === null ? <SkeletonLines lines={8} label={t('common.loading')} /> : <FailureNotice error={{ data: gone }} />
  const { changes } = value.history
  const meant = slot === '' ? changes : changes.filter(({ slots }) => slots.some((one) => one.slot === slot))
  const rest = meant.length - shown
  if (changes.length === 0) {
    return (
      <Empty title={t('storage.historyEmptyTitle')}>
        <p>{t('storage.historyEmptyText')}</p>
      </Empty>
    )
  }
  return (
    <section aria-label={t('storage.historyTitle')} className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <SlotChoice changes={changes} slot={slot} onSlot={onSlot} />
        <p className="text-xs text-muted">{t('storage.changes', { count: meant.length })}</p>
      </div>
      {meant.length === 0 ? <p className="text-muted">{t('storage.historyNoneOf', { slot })}</p> : null}
      <ol className="flex flex-col divide-y divide-separator rounded-lg border border-border empty:hidden">
        {meant.slice(0, shown).map((change) => (
          <ChangeItem key={change.clock} change={change} fresh={change.clock > value.seenClock} only={slot} onSlot={onSlot} />
        ))}
      </ol>
      {rest > 0 ? (
        <button type="button" onClick={() => setShown(shown + shownAtOnce)} className="cursor-pointer self-start text-accent underline">
          {t('common.more', { count: Math.min(rest, shownAtOnce) })}
        </button>
      ) : null}
      <p className="text-xs text-muted">{t('storage.historyHint')}</p>
    </section>
  )
}

const SlotChoice = ({ changes, slot, onSlot }: { changes: readonly StorageChangeRow[]; slot: string; onSlot: (slot: string) => void }) => {
  const t = useTranslations('storage')
  const names = new Set(changes.flatMap(({ slots }) => slots.map((one) => one.slot)))
  if (slot !== '') names.add(slot)
  return (
    <label className="min-w-0">
      <span className="sr-only">{t('historySlot')}</span>
      <select className="native-select max-w-full" value={slot} onChange={(event) => onSlot(event.target.value)}>
        <option value="">{t('allSlots')}</option>
        {[...names].sort().map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}
