'use client'
import { Button } from '@heroui/react/button'
import type { VersionRow, VersionStateName } from '@tessera/protocol'
import { RefreshCw } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'use-intl'
import { useActs } from '../../../src/acts/act-provider.tsx'
import { sessionsHref } from '../../../src/address/session-url.ts'
import { CopyButton } from '../../../src/display/copy-button.tsx'
import { Ago, Bytes } from '../../../src/display/times.tsx'
import { useMayAct } from '../../../src/shell/operator.tsx'

const inks: Record<VersionStateName, string> = {
  current: 'bg-good-wash text-good',
  ready: 'bg-info-wash text-info',
  ramping: 'bg-info-wash text-info',
  draining: 'bg-caution-wash text-caution',
  retired: 'bg-default text-muted',
  rejected: 'bg-bad-wash text-bad',
}

/** `version:` finds what contains its value; quoted, it still does, and ids are all of one form. */
const sessionsOn = (version: string) => ({ text: `version:${version}`, chips: [] })

export const VersionItem = ({ version, most }: { version: VersionRow; most: number }) => {
  const t = useTranslations()
  const { state } = version
  const past = state === 'retired' || state === 'rejected'
  return (
    <li data-state={state} className="timeline-item">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 className={`text-base font-semibold ${past ? 'text-muted' : ''}`}>{version.id}</h2>
        <span title={t(`versions.hint_${state}`)} className={`rounded-sm px-1.5 text-xs ${inks[state]}`}>
          {t(`versions.state_${state}`)}
        </span>
        <span className="inline-flex items-center text-xs text-muted">
          <code title={version.digest}>{version.digest.slice(0, 12)}</code>
          <CopyButton text={version.digest} label={`${t('common.copy')}: ${t('versions.digest', { digest: version.digest.slice(0, 12) })}`} />
        </span>
      </div>
      <p className="text-xs text-muted">
        {t.rich('versions.published', { who: version.publishedBy, when: () => <Ago at={version.publishedAt} /> })} · <Bytes count={version.bytes} />
        {past ? null : ` · ${t('versions.methods', { count: version.methods })} · ${t('versions.isolates', { count: version.isolates })}`}
      </p>
      {version.sessions === 0 ? null : <OnIt version={version} most={most} />}
    </li>
  )
}

/** The sessions on a version: how many, who, and away from it when it is an old one. */
const OnIt = ({ version, most }: { version: VersionRow; most: number }) => {
  const t = useTranslations('versions')
  const mayAct = useMayAct()
  const { begin } = useActs()
  const query = sessionsOn(version.id)
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 pt-2">
      <div aria-hidden="true" className="h-1.5 w-40 overflow-hidden rounded-full bg-default">
        <div
          className={`h-full rounded-full ${version.state === 'current' ? 'bg-accent' : 'bg-gold'}`}
          style={{ width: `${(version.sessions / most) * 100}%` }}
        />
      </div>
      <Link href={sessionsHref(query)} className="text-accent underline underline-offset-2">
        {t('sessions', { count: version.sessions })}
      </Link>
      {version.state === 'current' || !mayAct ? null : (
        <Button size="sm" variant="outline" onPress={() => begin('reload', { kind: 'matching', query })}>
          <RefreshCw aria-hidden="true" />
          {t('force', { count: version.sessions })}
        </Button>
      )}
    </div>
  )
}
