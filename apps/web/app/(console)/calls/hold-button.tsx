'use client'
import { Button } from '@heroui/react/button'
import { Pause, Play } from 'lucide-react'
import { useTranslations } from 'use-intl'
import type { HeldCalls } from './use-held-calls.ts'

/** Holds the list, and says how many ended meanwhile. */
export const HoldButton = ({ held: { isHeld, waiting, shown, toggle } }: { held: HeldCalls }) => {
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
      <Button size="sm" variant={isHeld ? 'primary' : 'outline'} isDisabled={shown === undefined} onPress={toggle}>
        <Icon aria-hidden="true" />
        {t(isHeld ? 'resume' : 'hold')}
      </Button>
    </div>
  )
}
