'use client'
import type { VersionRow } from '@tessera/protocol'
import { useFormatter, useTranslations } from 'use-intl'

const inks = ['bg-accent', 'bg-gold', 'bg-info', 'bg-muted'] as const

/** How the live sessions are spread over the versions, newest first. */
export const SessionsBar = ({ versions }: { versions: readonly VersionRow[] }) => {
  const t = useTranslations('versions')
  const format = useFormatter()
  const used = versions.filter(({ sessions }) => sessions > 0)
  const total = used.reduce((sum, { sessions }) => sum + sessions, 0)
  if (total === 0) return null
  return (
    <figure aria-label={t('sessionsBar')} className="flex flex-col gap-2">
      <div aria-hidden="true" className="flex h-3 gap-0.5 overflow-hidden rounded-sm">
        {used.map((version, index) => (
          <span key={version.id} className={inks[Math.min(index, inks.length - 1)]} style={{ flexGrow: version.sessions, flexBasis: 2 }} />
        ))}
      </div>
      <figcaption className="flex flex-wrap gap-x-5 gap-y-1 text-xs">
        {used.map((version, index) => (
          <span key={version.id} className="inline-flex items-center gap-1.5">
            <span aria-hidden="true" className={`size-2 rounded-xs ${inks[Math.min(index, inks.length - 1)]}`} />
            {version.id}
            <span className="text-muted">
              {t('sessions', { count: version.sessions })} · {format.number(version.sessions / total, { style: 'percent' })}
            </span>
          </span>
        ))}
      </figcaption>
    </figure>
  )
}
