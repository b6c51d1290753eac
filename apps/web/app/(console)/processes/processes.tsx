'use client'
import { Cpu, ListTree } from 'lucide-react'
import { useFormatter, useTranslations } from 'use-intl'
import { processViews } from '../../../src/address/process-url.ts'
import { Segmented } from '../../../src/display/segmented.tsx'
import { usePageTitle } from '../../../src/shell/page-title.ts'
import { IsolateList } from './isolate-list.tsx'
import { ProcessBrowser } from './process-browser.tsx'
import { useProcessesAddress } from './use-processes-address.ts'

const icons = { processes: ListTree, isolates: Cpu } as const

/** What runs: the processes of all sessions, or the isolates that they run in. */
export const Processes = () => {
  const t = useTranslations('processes')
  const { address, go } = useProcessesAddress()
  usePageTitle(t('title'))
  const options = processViews.map((value) => {
    const Icon = icons[value]
    return { value, label: t(`view_${value}`), icon: <Icon aria-hidden="true" className="size-3.5" /> }
  })
  const choice = <Segmented label={t('view')} options={options} value={address.view} onChange={(view) => go({ view, process: null })} />
  return address.view === 'isolates' ? <IsolateList choice={choice} /> : <ProcessBrowser choice={choice} address={address} go={go} />
}

/** `count`: how many of how many are shown. */
export const ProcessesHead = ({ title, count, children }: { title: string; count: string; children: React.ReactNode }) => (
  <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 pt-4 pb-3">
    <h1 className="flex min-w-0 flex-wrap items-baseline gap-x-2 text-xl font-semibold tracking-tight">
      {title} <span className="text-base font-normal text-muted">{count}</span>
    </h1>
    {children}
  </div>
)
