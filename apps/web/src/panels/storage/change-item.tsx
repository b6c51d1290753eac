'use client'
import type { StorageChangeRow } from '@tessera/protocol'
import { memo, useMemo } from 'react'
import { useTranslations } from 'use-intl'
import { Instant } from '../../display/times.tsx'
import { type DiffPart, diffTexts, elideContext } from './diff-texts.ts'

type SlotChange = StorageChangeRow['slots'][number]

interface ChangeItemProps {
  change: StorageChangeRow
  /** Came while somebody was looking. */
  fresh: boolean
  /** The one slot to show; '' shows all. */
  only: string
  onSlot: (slot: string) => void
}

/** One change: who and when above, below each slot with what it was and what it became. */
export const ChangeItem = memo(({ change, fresh, only, onSlot }: ChangeItemProps) => {
  const t = useTranslations('storage')
  const slots = only === '' ? change.slots : change.slots.filter(({ slot }) => slot === only)
  return (
    <li className="relative isolate flex flex-col gap-2 px-3 py-2.5">
      {fresh ? <span aria-hidden="true" className="flash pointer-events-none absolute inset-0 -z-10 rounded-lg" /> : null}
      <p className="flex flex-wrap items-baseline justify-between gap-x-3">
        <span className="font-medium break-words">{change.by}</span>
        <span className="text-xs text-muted">
          <Instant at={change.at} /> · {t('atClock', { clock: change.clock })}
        </span>
      </p>
      {slots.map((one) => (
        <ChangedSlot key={one.slot} one={one} onSlot={only === '' ? onSlot : null} />
      ))}
      {change.more > 0 && only === '' ? <p className="text-xs text-muted">{t('moreSlots', { count: change.more })}</p> : null}
    </li>
  )
})
ChangeItem.displayName = 'ChangeItem'

const ChangedSlot = ({ one, onSlot }: { one: SlotChange; onSlot: ((slot: string) => void) | null }) => {
  const t = useTranslations('storage')
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <p className="flex flex-wrap items-baseline gap-x-2 text-xs">
        {onSlot === null ? (
          <span className="font-mono break-all">{one.slot}</span>
        ) : (
          <button
            type="button"
            title={t('historyOf', { slot: one.slot })}
            onClick={() => onSlot(one.slot)}
            className="cursor-pointer text-start font-mono break-all text-accent underline underline-offset-2"
          >
            {one.slot}
          </button>
        )}
        {one.before === null ? <span className="text-good">{t('added')}</span> : null}
        {one.after === null ? <span className="text-bad">{t('removed')}</span> : null}
        {one.cut ? <span className="text-muted">{t('cut')}</span> : null}
      </p>
      <Difference before={one.before} after={one.after} />
    </div>
  )
}

const Difference = ({ before, after }: { before: string | null; after: string | null }) => {
  const t = useTranslations('storage')
  const diff = useMemo(() => (before === null || after === null ? null : diffTexts(before, after)), [before, after])
  if (before !== null && before === after) return <p className="text-xs text-muted">{t('unchanged')}</p>
  const sides = {
    before: before === null ? [] : diff === null ? [whole(before)] : elideContext(diff.before),
    after: after === null ? [] : diff === null ? [whole(after)] : elideContext(diff.after),
  }
  return (
    <div className="flex flex-col overflow-hidden rounded-md font-mono text-xs">
      {sides.before.length === 0 ? null : <Side sign="−" label={t('before')} tone="before" parts={sides.before} />}
      {sides.after.length === 0 ? null : <Side sign="+" label={t('after')} tone="after" parts={sides.after} />}
    </div>
  )
}

const whole = (text: string): DiffPart => ({ changed: false, text })

const looks = {
  before: { line: 'bg-bad-wash', sign: 'text-bad', Changed: 'del' },
  after: { line: 'bg-good-wash', sign: 'text-good', Changed: 'ins' },
} as const

const Side = ({ sign, label, tone, parts }: { sign: string; label: string; tone: 'before' | 'after'; parts: readonly DiffPart[] }) => {
  const { line, sign: ink, Changed } = looks[tone]
  return (
    <p className={`flex gap-2 px-2 py-1 ${line}`}>
      <span aria-hidden="true" className={`shrink-0 select-none ${ink}`}>
        {sign}
      </span>
      <span className="sr-only">{label}: </span>
      <span className="min-w-0 wrap-anywhere whitespace-pre-wrap">
        {/* Parts have no identity but their place. */}
        {placed(parts).map(({ place, changed, text }) =>
          changed ? (
            <Changed key={place} className="diff-mark">
              {text}
            </Changed>
          ) : (
            <span key={place}>{text}</span>
          ),
        )}
      </span>
    </p>
  )
}

const placed = (parts: readonly DiffPart[]) => parts.map((part, place) => ({ ...part, place }))
