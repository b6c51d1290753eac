'use client'
import type { ServerRow } from '@tessera/protocol'
import { useTranslations } from 'use-intl'
import { SkeletonLines } from '../../../src/display/skeleton.tsx'
import { useElapsed } from '../../../src/display/times.tsx'
import { usePageTitle } from '../../../src/shell/page-title.ts'
import { useServer } from '../../../src/shell/server-provider.tsx'
import { AttentionList } from './attention-list.tsx'
import { EntryCard } from './entry-card.tsx'
import { LicencesCard } from './licences-card.tsx'
import { SessionsByKind, SessionsByState } from './session-bars.tsx'

const OverviewPage = () => {
  const t = useTranslations()
  const server = useServer()
  usePageTitle(t('overview.title'))
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="flex max-w-6xl flex-col gap-6 px-4 pt-4 pb-8">
        <header>
          <h1 className="text-xl font-semibold tracking-tight">{t('overview.title')}</h1>
          {server === undefined ? null : <ServerLine server={server} />}
        </header>
        {server === undefined ? <SkeletonLines lines={9} label={t('common.loading')} /> : <Cards server={server} />}
      </div>
    </div>
  )
}

const ServerLine = ({ server }: { server: ServerRow }) => {
  const t = useTranslations('overview')
  const duration = useElapsed(server.startedAt)
  const state = server.state === 'running' ? t('runningFor', { duration }) : t(`serverState_${server.state}`)
  return (
    <p className="text-muted">
      {server.project} · {state} · {t('product', { version: server.productVersion })}
    </p>
  )
}

const Cards = ({ server }: { server: ServerRow }) => (
  <>
    <AttentionList server={server} />
    <div className="grid gap-4 md:grid-cols-2 lg:grid-cols-3">
      <div className="grid md:max-lg:col-span-2">
        <LicencesCard licences={server.licences} />
      </div>
      <SessionsByKind server={server} />
      <SessionsByState server={server} />
    </div>
    <EntryCard server={server} />
  </>
)

export default OverviewPage
