'use client'
import { Cpu, ListTree } from 'lucide-react'
import { useTranslations } from 'use-intl'
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
