'use client'
import { useMutation } from '@tanstack/react-query'
import type { ScheduleRow } from '@tessera/protocol'
import { Play } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'use-intl'
import { processesHref } from '../../../src/address/process-url.ts'
import { useTRPC } from '../../../src/api/trpc.ts'
import { BusyButton } from '../../../src/display/busy-button.tsx'
import { FailureNotice } from '../../../src/display/failure-notice.tsx'
import { Notice } from '../../../src/display/notice.tsx'
import { Ago, Countdown, Instant } from '../../../src/display/times.tsx'
import { useMayAct } from '../../../src/shell/operator.tsx'

/** What the clock starts: when next, and what came of it last. */
export const ScheduleList = ({ schedules }: { schedules: readonly ScheduleRow[] }) => {
  const t = useTranslations('schedules')
  return (
    <section aria-labelledby="schedules">
      <h2 id="schedules" className="flex items-baseline gap-2 pb-3 text-base font-semibold">
        {t('title')} <span className="text-sm font-normal text-muted">{schedules.length}</span>
      </h2>
      {schedules.length === 0 ? (
        <p className="text-muted">{t.rich('none', { code: (chunks) => <code>{chunks}</code> })}</p>
      ) : (
        <ul className="flex flex-col divide-y divide-separator rounded-lg border border-border">
          {schedules.map((schedule) => (
            <ScheduleItem key={schedule.name} schedule={schedule} />
          ))}
        </ul>
      )}
    </section>
  )
}

const ScheduleItem = ({ schedule }: { schedule: ScheduleRow }) => {
  const t = useTranslations('schedules')
  const { name, method, cron, timeZone, nextAt, skipped } = schedule
  return (
    <li className="flex flex-col gap-2 px-4 py-3">
      <div className="flex items-start justify-between gap-3">
        <div className="min-w-0">
          <h3 className="line-clamp-2 font-medium break-words">{name}</h3>
          <p className="text-xs break-words text-muted">
            <code>{method}</code> · <code>{cron}</code> · {timeZone ?? t('serverZone')}
          </p>
        </div>
        <RunNow name={name} />
      </div>
      <p className="text-xs text-muted">
        {nextAt === null ? t('noNext') : t.rich('next', { when: () => <Instant at={nextAt} />, wait: () => <Countdown at={nextAt} /> })}
        {skipped > 0 ? <span className="text-caution"> · {t('skipped', { count: skipped })}</span> : null}
      </p>
      <LastTime last={schedule.last} />
    </li>
  )
}

const LastTime = ({ last }: { last: ScheduleRow['last'] }) => {
  const t = useTranslations('schedules')
  if (last === null) return <p className="text-xs text-muted">{t('never')}</p>
  const ink = last.ok === null ? 'bg-info' : last.ok ? 'bg-good' : 'bg-bad'
  return (
    <>
      <p className="flex flex-wrap items-center gap-x-2 text-xs">
        <span aria-hidden="true" className={`size-2 rounded-full ${ink}`} />
        <span>{t.rich(last.ok === null ? 'lastRuns' : last.ok ? 'lastWell' : 'lastFailed', { when: () => <Ago at={last.at} /> })}</span>
        {last.ok === null ? (
          <Link href={processesHref({ process: last.processId })} className="text-accent underline underline-offset-2">
            {t('show')}
          </Link>
        ) : null}
      </p>
      {last.message === null ? null : (
        <Notice tone="bad">
          <p className="text-xs break-words">{last.message}</p>
        </Notice>
      )}
    </>
  )
}

const RunNow = ({ name }: { name: string }) => {
  const t = useTranslations('schedules')
  const trpc = useTRPC()
  const mayAct = useMayAct()
  const start = useMutation(trpc.schedules.start.mutationOptions())
  if (!mayAct) return null
  return (
    <div className="flex shrink-0 flex-col items-end gap-1">
      <BusyButton size="sm" variant="outline" aria-label={`${t('runNow')}: ${name}`} busy={start.isPending} onPress={() => start.mutate({ name })}>
        <Play aria-hidden="true" />
        {t('runNow')}
      </BusyButton>
      {start.error === null ? null : <FailureNotice error={start.error} />}
    </div>
  )
}
