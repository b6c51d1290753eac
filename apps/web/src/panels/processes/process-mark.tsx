'use client'
import type { ProcessState } from '@tessera/protocol'
import { useTranslations } from 'use-intl'

const dots: Record<ProcessState, string> = {
  idle: 'bg-muted',
  executing: 'bg-good',
  waiting: 'bg-info',
  paused: 'bg-caution',
  ended: 'bg-muted',
  failed: 'bg-bad',
}

export const ProcessMark = ({ state }: { state: ProcessState }) => {
  const t = useTranslations('processes')
  return (
    <span className="inline-flex shrink-0 items-center gap-2 text-xs">
      <span aria-hidden="true" className={`size-2 rounded-full ${dots[state]}`} />
      {t(state)}
    </span>
  )
}
