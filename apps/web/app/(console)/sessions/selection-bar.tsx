'use client'
import { Button } from '@heroui/react/button'
import type { ActResult, SessionQuery, SessionRow } from '@tessera/protocol'
import { X } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { ActButtons } from '../../../src/acts/act-buttons.tsx'
import { type ActName, isDestructive } from '../../../src/acts/acts.ts'
import type { Selection, SelectionChange } from '../../../src/table/selection.ts'
import { targetOf } from './selection-target.ts'

interface SelectionBarProps {
  selection: Selection<SessionRow, SessionQuery>
  select: (change: SelectionChange<SessionRow, SessionQuery>) => void
  query: SessionQuery
  matching: number
}

/** Sessions that an act closed are not selected any more; whoever it failed for still is. */
export const dropEnded =
  (select: SelectionBarProps['select']) =>
  (act: ActName, { results }: ActResult): void => {
    if (isDestructive(act)) select({ type: 'drop', ids: results.filter(({ ok }) => ok).map(({ id }) => id) })
  }

export const SelectionBar = ({ selection, select, query, matching }: SelectionBarProps) => {
  const t = useTranslations('selection')
  const target = targetOf(selection)
  if (target === null) return null
  const count = selection.rows.size
  return (
    <section aria-label={t('label')} className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-border bg-row-on px-4 py-2">
      <div className="flex min-w-0 flex-1 flex-wrap items-center gap-2">
        <Button size="sm" variant="ghost" isIconOnly aria-label={t('clear')} onPress={() => select({ type: 'clear' })}>
          <X aria-hidden="true" />
        </Button>
        <span className="font-medium">{selection.matching === null ? t('count', { count }) : t('all', { count: matching })}</span>
        {selection.matching === null && count < matching ? (
          <Button size="sm" variant="outline" onPress={() => select({ type: 'widen', query })}>
            {t('widen', { count: matching })}
          </Button>
        ) : null}
      </div>
      <ActButtons target={target} onDone={dropEnded(select)} />
    </section>
  )
}
