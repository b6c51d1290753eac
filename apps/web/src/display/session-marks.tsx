'use client'
import type { SessionRow, SessionStateName } from '@tessera/protocol'
import { ArrowUpCircle, History, Mail } from 'lucide-react'
import { useFormatter, useTranslations } from 'use-intl'
import { Countdown } from './times.tsx'

/** Hollow: nobody is at the other end now. */
const dots: Record<SessionStateName, string> = {
  opening: 'bg-info',
  active: 'bg-good',
  postponed: 'mark-hollow text-muted',
  sleeping: 'mark-hollow text-info',
  unreachable: 'mark-hollow text-caution',
  draining: 'bg-info',
  closed: 'bg-muted',
}

/** A dot for the eye that scans, a word for everybody. */
export const StateMark = ({ state }: { state: SessionStateName }) => {
  const t = useTranslations('state')
  return (
    <span className="inline-flex min-w-0 items-center gap-2">
      <span aria-hidden="true" className={`size-2 shrink-0 rounded-full ${dots[state]}`} />
      <span className="truncate">{t(state)}</span>
    </span>
  )
}

/** The state; while the client is away also how long the session is still kept for it. `brief`: the columns say the rest. */
export const StateAndWait = ({ row: { state, removedAt }, brief = false }: { row: Pick<SessionRow, 'state' | 'removedAt'>; brief?: boolean }) => {
  const t = useTranslations('sessions')
  if (removedAt === null) return <StateMark state={state} />
  return (
    <span className="inline-flex min-w-0 items-center gap-2">
      <StateMark state={state} />
      <span className="shrink-0 text-xs text-muted">
        <span className={brief ? 'sr-only' : ''}>{t('closesIn')} </span>
        <Countdown at={removedAt} />
      </span>
    </span>
  )
}

/** How many messages its client has not received yet; nothing for none. */
export const WaitingMark = ({ count }: { count: number }) => {
  const t = useTranslations('sessions')
  const format = useFormatter()
  if (count === 0) return null
  return (
    <span title={t('waitingMessages', { count })} className="inline-flex shrink-0 items-center gap-1 rounded-sm bg-info-wash px-1.5 text-xs text-info">
      <Mail aria-hidden="true" className="size-3" />
      <span aria-hidden="true">{format.number(count)}</span>
      <span className="sr-only">{t('waitingMessages', { count })}</span>
    </span>
  )
}

/** The session outlived its server. */
export const RestoredMark = () => {
  const t = useTranslations('sessions')
  return (
    <span className="inline-flex items-center gap-1 rounded-sm bg-info-wash px-1.5 text-info">
      <History aria-hidden="true" className="size-3" />
      {t('restored')}
    </span>
  )
}

export const VersionMark = ({ version }: { version: SessionRow['version'] }) => {
  const t = useTranslations('sessions')
  if (!version.outdated) return <span className="truncate">{version.id}</span>
  return (
    <span className="inline-flex min-w-0 items-center gap-1 rounded-sm bg-caution-wash px-1.5 text-caution" title={t('outdatedHint')}>
      <ArrowUpCircle aria-hidden="true" className="size-3 shrink-0" />
      <span className="truncate">{version.id}</span>
      <span className="sr-only">, {t('outdated')}</span>
    </span>
  )
}
