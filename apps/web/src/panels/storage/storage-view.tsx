'use client'
import { Button } from '@heroui/react/button'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { Empty } from '../../display/empty.tsx'
import { FailureNotice } from '../../display/failure-notice.tsx'
import { SkeletonLines } from '../../display/skeleton.tsx'
import { Bytes } from '../../display/times.tsx'
import { useView } from '../../live/use-view.ts'
import { useMayAct } from '../../shell/operator.tsx'
import { SlotEditor } from './slot-editor.tsx'
import { SlotItem } from './slot-item.tsx'

/** A session's storage as it changes: slots by name, the ones that just changed lit for a moment. */
export const StorageView = ({ id, onHistory }: { id: string; onHistory: (slot: string) => void }) => {
  const t = useTranslations()
  const mayAct = useMayAct()
  const [adding, setAdding] = useState(false)
  const { value, gone } = useView('storage', { kind: 'storage', id })
  if (value === undefined) return gone === null ? <SkeletonLines lines={8} label={t('common.loading')} /> : <FailureNotice error={{ data: gone }} />
  const { storage, seenClock } = value
  const slots = storage.slots.toSorted((a, b) => a.slot.localeCompare(b.slot))
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <Usage bytes={storage.bytes} quota={storage.quotaBytes} slots={slots.length} clock={storage.clock} />
        {mayAct && !adding ? (
          <Button size="sm" variant="outline" onPress={() => setAdding(true)}>
            <Plus aria-hidden="true" />
            {t('storage.add')}
          </Button>
        ) : null}
      </div>
      {adding ? <SlotEditor session={storage.session} taken={slots.map(({ slot }) => slot)} onDone={() => setAdding(false)} /> : null}
      {slots.length === 0 ? (
        <Empty title={t('storage.emptyTitle')}>
          <p>{t('storage.emptyText')}</p>
        </Empty>
      ) : (
        <ul className="flex flex-col divide-y divide-separator rounded-lg border border-border">
          {slots.map((row) => (
            <SlotItem key={row.slot} session={storage.session} row={row} fresh={row.clock > seenClock} mayEdit={mayAct} onHistory={onHistory} />
          ))}
        </ul>
      )}
    </div>
  )
}

const Usage = ({ bytes, quota, slots, clock }: { bytes: number; quota: number; slots: number; clock: number }) => {
  const t = useTranslations('storage')
  const format = useFormatter()
  const share = quota === 0 ? 0 : Math.min(1, bytes / quota)
  return (
    <div className="flex min-w-0 flex-col gap-1 text-xs text-muted">
      <p>
        {t('slots', { count: slots })} · <Bytes count={bytes} /> / <Bytes count={quota} /> · {t('clock', { clock })}
      </p>
      {/* biome-ignore lint/a11y/useSemanticElements: no two browsers let a meter element be drawn alike */}
      <div
        role="meter"
        aria-label={t('usage')}
        aria-valuemin={0}
        aria-valuemax={quota}
        aria-valuenow={bytes}
        aria-valuetext={format.number(share, { style: 'percent' })}
        className="h-1 w-48 max-w-full overflow-hidden rounded-full bg-default"
      >
        <div className={`h-full rounded-full ${share > 0.9 ? 'bg-caution' : 'bg-accent'}`} style={{ width: `${Math.max(share * 100, bytes > 0 ? 1 : 0)}%` }} />
      </div>
    </div>
  )
}
