'use client'
import type { ProcessRow } from '@tessera/protocol'
import Link from 'next/link'
import { useRef } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { Meter } from '../../display/meter.tsx'
import { Notice } from '../../display/notice.tsx'
import { SkeletonLines } from '../../display/skeleton.tsx'
import { Ago } from '../../display/times.tsx'
import { useView } from '../../live/use-view.ts'
import { Fact, Facts } from '../facts.tsx'
import { PanelHead, PanelMarks } from '../panel-head.tsx'
import { ProcessActs } from './process-acts.tsx'
import { ProcessMark } from './process-mark.tsx'
import type { ProcessPanelProps } from './process-panel.tsx'

/** One process, live: what it does, for whom, where, and what an operator may do about it. */
export const ProcessPanelBody = ({ id, onClose }: ProcessPanelProps) => {
  const t = useTranslations()
  const { value } = useView('processes', {
    kind: 'processes',
    query: { text: '', chips: [], session: null, process: id },
    sort: { column: 'number', direction: 'ascending' },
    offset: 0,
    limit: 1,
  })
  const last = useRef<ProcessRow | undefined>(undefined)
  const row = value?.list.rows.get(id)
  if (row !== undefined) last.current = row
  const shown = row ?? last.current
  return (
    <>
      <PanelHead title={shown?.name ?? t('processes.panel')} id={{ text: id }} onClose={onClose}>
        {shown === undefined ? null : (
          <PanelMarks>
            <ProcessMark state={shown.state} />
            <span>{t(`processes.${shown.kind}`)}</span>
            <span className="text-muted">{shown.number}</span>
          </PanelMarks>
        )}
      </PanelHead>
      <div className="panel-page flex flex-col gap-4 px-4 pb-6">
        {value === undefined ? <SkeletonLines lines={8} label={t('common.loading')} /> : null}
        {value !== undefined && row === undefined ? (
          <Notice tone="info" role="status">
            {t(shown === undefined ? 'processes.unknown' : 'processes.over')}
          </Notice>
        ) : null}
        {row === undefined ? null : <ProcessActs row={row} />}
        {shown === undefined ? null : <ProcessFacts row={shown} />}
      </div>
    </>
  )
}

const ProcessFacts = ({ row }: { row: ProcessRow }) => {
  const t = useTranslations()
  const format = useFormatter()
  const session = (
    <Link href={`/sessions/?session=${row.sessionId}`} className="text-accent underline underline-offset-2">
      {row.userName === '' ? row.sessionId : row.userName}
    </Link>
  )
  return (
    <Facts title={t('processes.facts')}>
      <Fact label={t('processes.session')}>{session}</Fact>
      {row.method === null ? null : (
        <Fact label={t('processes.method')}>
          <code>{row.method}</code>
        </Fact>
      )}
      <Fact label={t(row.method === null ? 'processes.openedAt' : 'processes.runningSince')}>
        <Ago at={row.startedAt} />
      </Fact>
      <Fact label={t('processes.cpu')}>{row.cpuUsage === null || row.cpuUsage < 0.005 ? '–' : <Meter share={row.cpuUsage} label={t('processes.cpu')} />}</Fact>
      <Fact label={t('processes.cpuTime')}>{row.cpuMs === null ? '–' : t('processes.seconds', { count: row.cpuMs / 1000 })}</Fact>
      <Fact label={t('processes.calls')}>{format.number(row.calls)}</Fact>
      <Fact label={t('processes.errors')}>{format.number(row.errors)}</Fact>
      <Fact label={t('processes.queue')}>{format.number(row.queued)}</Fact>
      <Fact label={t('processes.isolateName')}>{row.isolate === null ? '–' : <code>{row.isolate}</code>}</Fact>
    </Facts>
  )
}
