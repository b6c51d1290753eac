'use client'
import { useFormatter, useTranslations } from 'use-intl'
import { Empty } from '../../../src/display/empty.tsx'
import { FailureNotice } from '../../../src/display/failure-notice.tsx'
import { SkeletonLines } from '../../../src/display/skeleton.tsx'
import { useView } from '../../../src/live/use-view.ts'
import { usePageTitle } from '../../../src/shell/page-title.ts'
import { ReloadButton, ReloadOutcome, useReloadProject } from './reload-project.tsx'
import { SessionsBar } from './sessions-bar.tsx'
import { VersionItem } from './version-item.tsx'

const VersionsPage = () => {
  const t = useTranslations()
  const format = useFormatter()
  usePageTitle(t('versions.title'))
  const reload = useReloadProject()
  const { value, gone } = useView('versions', { kind: 'versions' })
  const versions = value?.versions.toSorted((a, b) => b.publishedAt.localeCompare(a.publishedAt)) ?? []
  const most = Math.max(1, ...versions.map(({ sessions }) => sessions))
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="flex max-w-5xl flex-col gap-5 px-4 pt-4 pb-8">
        <header className="flex flex-wrap items-start justify-between gap-3">
          <h1 className="flex items-baseline gap-2 text-xl font-semibold tracking-tight">
            {t('versions.title')} <span className="text-base font-normal text-muted">{value === undefined ? '' : format.number(versions.length)}</span>
          </h1>
          <ReloadButton reload={reload} />
        </header>
        <ReloadOutcome reload={reload} rejected={value?.server.rejectedBuild ?? null} />
        {value === undefined ? (
          gone === null ? (
            <SkeletonLines lines={8} label={t('common.loading')} />
          ) : (
            <FailureNotice error={{ data: gone }} />
          )
        ) : versions.length === 0 ? (
          <Empty title={t('versions.emptyTitle')}>
            <p>{t('versions.emptyText')}</p>
          </Empty>
        ) : (
          <>
            <SessionsBar versions={versions} />
            <ol aria-label={t('versions.timeline')} className="timeline flex flex-col">
              {versions.map((version) => (
                <VersionItem key={version.id} version={version} most={most} />
              ))}
            </ol>
          </>
        )}
      </div>
    </div>
  )
}

export default VersionsPage
