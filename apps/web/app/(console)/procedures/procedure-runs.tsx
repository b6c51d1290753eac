'use client'
import type { ProcessRow } from '@tessera/protocol'
import { useTranslations } from 'use-intl'
import { Empty } from '../../../src/display/empty.tsx'
import { FailureNotice } from '../../../src/display/failure-notice.tsx'
import { SkeletonLines } from '../../../src/display/skeleton.tsx'
import { useView } from '../../../src/live/use-view.ts'
import { ProcedureItem } from './procedure-item.tsx'
import { ScheduleList } from './schedule-list.tsx'

const isOver = ({ state }: ProcessRow): boolean => state === 'ended' || state === 'failed'

/** What runs and what has run, as the server tells it. */
export const ProcedureRuns = () => {
  const t = useTranslations()
  const { value, gone } = useView('procedures', { kind: 'procedures' })
  if (value === undefined) return gone === null ? <SkeletonLines lines={6} label={t('common.loading')} /> : <FailureNotice error={{ data: gone }} />
  return (
    <div className="flex flex-col gap-8">
      {value.processes.length === 0 ? (
        <Empty title={t('procedures.noneTitle')}>
          <p>{t('procedures.noneText')}</p>
        </Empty>
      ) : (
        <Group title={t('procedures.running')} processes={value.processes.filter((process) => !isOver(process))} />
      )}
      <ScheduleList schedules={value.schedules} />
      {value.processes.length === 0 ? null : <Group title={t('procedures.finished')} processes={value.processes.filter(isOver)} />}
    </div>
  )
}

const Group = ({ title, processes }: { title: string; processes: readonly ProcessRow[] }) => {
  const t = useTranslations('common')
  return (
    <div>
      <h2 className="flex items-baseline gap-2 pb-3 text-base font-semibold">
        {title} <span className="text-sm font-normal text-muted">{processes.length}</span>
      </h2>
      {processes.length === 0 ? (
        <p className="text-muted">{t('none')}</p>
      ) : (
        <ul className="flex flex-col divide-y divide-separator rounded-lg border border-border">
          {processes.map((process) => (
            <ProcedureItem key={process.id} process={process} />
          ))}
        </ul>
      )}
    </div>
  )
}
