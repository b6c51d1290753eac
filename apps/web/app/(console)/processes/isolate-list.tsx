'use client'
import type { IsolateRow } from '@tessera/protocol'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { processesHref } from '../../../src/address/process-url.ts'
import { FailureNotice } from '../../../src/display/failure-notice.tsx'
import { Meter } from '../../../src/display/meter.tsx'
import { Notice } from '../../../src/display/notice.tsx'
import { SkeletonLines } from '../../../src/display/skeleton.tsx'
import { Ago, Bytes } from '../../../src/display/times.tsx'
import { useView } from '../../../src/live/use-view.ts'
import { ProcessesHead } from './processes-head.tsx'

/** Where project code runs: how busy, how large, who is there, and whose call keeps it from answering. */
export const IsolateList = ({ choice }: { choice: ReactNode }) => {
  const t = useTranslations()
  const format = useFormatter()
  const { value, gone } = useView('isolates', { kind: 'isolates' })
  const isolates = value?.isolates ?? []
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <ProcessesHead title={t('isolates.title')} count={value === undefined ? '' : format.number(isolates.length)}>
        {choice}
      </ProcessesHead>
      <div className="px-4 pb-8">
        <p className="max-w-3xl pb-4 text-muted">{t('isolates.subtitle')}</p>
        {value === undefined ? (
          gone === null ? (
            <SkeletonLines lines={8} label={t('common.loading')} />
          ) : (
            <FailureNotice error={{ data: gone }} />
          )
        ) : (
          <ul className="grid gap-3 md:grid-cols-2 2xl:grid-cols-3">
            {isolates.map((isolate) => (
              <IsolateCard key={isolate.id} isolate={isolate} />
            ))}
          </ul>
        )}
      </div>
    </div>
  )
}

const inks: Record<IsolateRow['state'], string> = { loading: 'bg-info', ready: 'bg-good', blocked: 'bg-bad', retiring: 'bg-muted' }

const IsolateCard = ({ isolate }: { isolate: IsolateRow }) => {
  const t = useTranslations('isolates')
  const format = useFormatter()
  return (
    <li className="flex min-w-0 flex-col gap-3 rounded-lg border border-border px-4 py-3">
      <div className="flex items-baseline justify-between gap-3">
        <h2 className="min-w-0 truncate font-semibold">
          <code>{isolate.id}</code>
          {isolate.version === null ? null : <span className="ps-2 font-normal text-muted">{isolate.version}</span>}
        </h2>
        <span className="inline-flex shrink-0 items-center gap-2 text-xs">
          <span aria-hidden="true" className={`size-2 rounded-full ${inks[isolate.state]}`} />
          {t(`state_${isolate.state}`)}
        </span>
      </div>
      <dl className="grid grid-cols-2 gap-x-4 gap-y-1.5 text-xs">
        <Fact name={t('busy')}>{isolate.busy === null ? '–' : <Meter share={Math.max(isolate.busy, 0.005)} label={t('busy')} />}</Fact>
        <Fact name={t('sessions')}>{format.number(isolate.sessions)}</Fact>
        <Fact name={t('memory')}>{isolate.rssBytes === null ? '–' : <Bytes count={isolate.rssBytes} />}</Fact>
        <Fact name={t('callsRunning')}>{format.number(isolate.callsRunning)}</Fact>
        <Fact name={t('heap')}>{isolate.heapBytes === null ? '–' : <Bytes count={isolate.heapBytes} />}</Fact>
        <Fact name={t('host')}>{isolate.pid === null ? t(`host_${isolate.host}`) : t('process', { pid: String(isolate.pid) })}</Fact>
      </dl>
      {isolate.stuckIn === null ? null : <Stuck stuck={isolate.stuckIn} />}
      {isolate.quarantined === null ? null : <Quarantine quarantined={isolate.quarantined} />}
    </li>
  )
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="flex min-w-0 items-center justify-between gap-2">
    <dt className="shrink-0 text-muted">{name}</dt>
    <dd className="min-w-0 truncate tabular-nums">{children}</dd>
  </div>
)

const Stuck = ({ stuck }: { stuck: NonNullable<IsolateRow['stuckIn']> }) => {
  const t = useTranslations('isolates')
  return (
    <Notice tone="bad">
      <p className="text-xs">
        {t.rich('stuckIn', { method: stuck.method, seconds: Math.round(stuck.sinceMs / 1000), code: (text) => <code>{text}</code> })}{' '}
        <Link href={processesHref({ process: stuck.processId })} className="whitespace-nowrap text-accent underline underline-offset-2">
          {t('showProcess')}
        </Link>
      </p>
    </Notice>
  )
}

const Quarantine = ({ quarantined }: { quarantined: NonNullable<IsolateRow['quarantined']> }) => {
  const t = useTranslations('isolates')
  return (
    <Notice tone="caution">
      <p className="text-xs">
        {t.rich('quarantined', { method: quarantined.method, code: (text) => <code>{text}</code>, when: () => <Ago at={quarantined.since} /> })}{' '}
        <Link href={`/sessions/?session=${quarantined.sessionId}`} className="whitespace-nowrap text-accent underline underline-offset-2">
          {t('showSession')}
        </Link>
      </p>
    </Notice>
  )
}
