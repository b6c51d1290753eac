'use client'
import { useSearchParams } from 'next/navigation'
import { Suspense } from 'react'
import { useTranslations } from 'use-intl'
import { StorageTab } from '../../../src/panels/storage/storage-tab.tsx'
import { usePageTitle } from '../../../src/shell/page-title.ts'
import { ProcedureRuns } from './procedure-runs.tsx'
import { StartProcedure } from './start-procedure.tsx'

/** The one stored-procedures session, by the name under which the server knows it. */
const sharedSession = 'procedures'

const ProceduresPage = () => {
  const t = useTranslations()
  usePageTitle(t('procedures.title'))
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <header className="flex flex-wrap items-start justify-between gap-3 px-4 pt-4 pb-6">
        <div>
          <h1 className="text-xl font-semibold tracking-tight">{t('procedures.title')}</h1>
          <p className="text-muted">{t('procedures.subtitle')}</p>
        </div>
        <StartProcedure />
      </header>
      <div className="grid gap-8 px-4 pb-8 xl:grid-cols-2">
        <section aria-label={t('procedures.running')} className="min-w-0">
          <ProcedureRuns />
        </section>
        <section aria-labelledby="shared-storage" className="min-w-0">
          <h2 id="shared-storage" className="pb-3 text-base font-semibold">
            {t('storage.title')}
          </h2>
          <Suspense>
            <SharedStorage />
          </Suspense>
        </section>
      </div>
    </div>
  )
}

const SharedStorage = () => {
  const history = useSearchParams().get('history')
  const go = (next: string | null) => {
    const search = next === null ? '' : `?${new URLSearchParams({ history: next })}`
    window.history.replaceState(null, '', `${window.location.pathname}${search}`)
  }
  return <StorageTab id={sharedSession} history={history} onHistory={go} />
}

export default ProceduresPage
