'use client'
import { Button } from '@heroui/react/button'
import type { ActResult } from '@tessera/protocol'
import { CircleStop, MessageSquare, RefreshCw, Unplug } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { useMayAct } from '../shell/operator.tsx'
import { useActs } from './act-provider.tsx'
import { type ActName, type ActTarget, actNames, isDestructive } from './acts.ts'

const icons: Record<ActName, typeof Unplug> = { message: MessageSquare, reload: RefreshCw, end: CircleStop, disconnect: Unplug }

interface ActButtonsProps {
  target: ActTarget
  onDone?: (act: ActName, result: ActResult) => void
}

/** What can be done to the target. Who may only look sees the buttons and why they do not work. */
export const ActButtons = ({ target, onDone }: ActButtonsProps) => {
  const t = useTranslations()
  const mayAct = useMayAct()
  const { begin } = useActs()
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      {actNames.map((act) => {
        const Icon = icons[act]
        return (
          <Button
            key={act}
            size="sm"
            variant={isDestructive(act) ? 'danger-soft' : 'outline'}
            isDisabled={!mayAct}
            onPress={() => begin(act, target, (result) => onDone?.(act, result))}
          >
            <Icon aria-hidden="true" />
            {t(`act.${act}`)}
          </Button>
        )
      })}
      {mayAct ? null : <span className="text-xs text-muted">{t('common.needsOperator')}</span>}
    </div>
  )
}
