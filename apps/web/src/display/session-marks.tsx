'use client'
import type { SessionRow, SessionStateName } from '@tessera/protocol'
import { ArrowUpCircle } from 'lucide-react'
import { useTranslations } from 'use-intl'

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
