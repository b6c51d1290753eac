'use client'
import { Button } from '@heroui/react/button'
import { Pause, Play } from 'lucide-react'
import { useTranslations } from 'use-intl'
import type { HeldCalls } from './use-held-calls.ts'

/** How many are shown, and whether the list moves. `matching`: of those that are shown, how many are listed. */
export const CallsHead = ({ held, matching }: { held: HeldCalls; matching: number | undefined }) => {
  const t = useTranslations('calls')
  const total = held.shown?.length
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 pt-4 pb-3">
      <h1 className="flex min-w-0 flex-wrap items-baseline gap-x-2 text-xl font-semibold tracking-tight">
        {t('title')}{' '}
        <span className="text-base font-normal text-muted">
          {matching === undefined || total === undefined || total === 0 ? '' : t('titleCount', { matching, total })}
        </span>
      </h1>
      <Hold held={held} />
    </div>
  )
}

/** Holds the list, and says how many ended meanwhile. */
const Hold = ({ held: { isHeld, waiting, shown, toggle } }: { held: HeldCalls }) => {
  const t = useTranslations('calls')
  const Icon = isHeld ? Play : Pause
  return (
    <div className="flex items-center gap-3">
      {isHeld ? (
        <span className="inline-flex items-center gap-2 text-xs tabular-nums">
          <span aria-hidden="true" className="size-2 rounded-full bg-caution" />
          {t('held')} · {t(waiting.more ? 'newAtLeast' : 'new', { count: waiting.count })}
        </span>
      ) : null}
      <Button size="sm" variant={isHeld ? 'primary' : 'outline'} isDisabled={shown === undefined || (shown.length === 0 && !isHeld)} onPress={toggle}>
        <Icon aria-hidden="true" />
        {t(isHeld ? 'resume' : 'hold')}
      </Button>
    </div>
  )
}
