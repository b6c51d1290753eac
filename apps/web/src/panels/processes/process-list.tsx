'use client'
import type { ProcessRow } from '@tessera/protocol'
import Link from 'next/link'
import { useFormatter, useTranslations } from 'use-intl'
import { processesHref } from '../../address/process-url.ts'
import { useElapsed } from '../../display/times.tsx'
import { ProcessMark } from './process-mark.tsx'

export const ProcessList = ({ processes }: { processes: readonly ProcessRow[] }) => {
  const t = useTranslations('processes')
  if (processes.length === 0) return <p className="text-muted">{t('empty')}</p>
  return (
    <ul className="flex flex-col divide-y divide-separator">
      {processes.map((process) => (
        <ProcessItem key={process.id} process={process} />
      ))}
    </ul>
  )
}

const ProcessItem = ({ process }: { process: ProcessRow }) => {
  const t = useTranslations()
  const format = useFormatter()
  const duration = useElapsed(process.startedAt)
  return (
    <li className="flex flex-col gap-0.5 py-2 first:pt-0">
      <div className="flex items-center justify-between gap-3">
        <span className="min-w-0 truncate">
          <span className="text-muted">{process.number}</span> <ProcessLink id={process.id} name={process.name} />
        </span>
        <ProcessMark state={process.state} />
      </div>
      <p className="text-xs text-muted">
        {t(`processes.${process.kind}`)} ·{' '}
        {process.method === null
          ? t('processes.opened', { duration })
          : t.rich('processes.running', { method: process.method, duration, code: (text) => <code>{text}</code> })}
      </p>
      <p className="text-xs text-muted">
        {t('processes.calls')} {format.number(process.calls)}
        {process.errors > 0 ? <span className="text-bad"> · {t('sessions.errors', { count: process.errors })}</span> : null}
        {process.queued > 0 ? ` · ${t('processes.queued', { count: process.queued })}` : null}
        {process.isolate === null ? null : ` · ${t('processes.isolate', { isolate: process.isolate })}`}
      </p>
    </li>
  )
}

export const ProcessLink = ({ id, name }: { id: string; name: string }) => (
  <Link href={processesHref({ process: id })} className="font-medium text-accent underline underline-offset-2">
    {name}
  </Link>
)
