'use client'
import { Button } from '@heroui/react/button'
import { ProgressBar } from '@heroui/react/progress-bar'
import type { ProcessRow } from '@tessera/protocol'
import { CircleStop } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useMemo, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Notice } from '../../../src/display/notice.tsx'
import { useElapsed } from '../../../src/display/times.tsx'
import { ProcessLink } from '../../../src/panels/processes/process-list.tsx'
import { ProcessMark } from '../../../src/panels/processes/process-mark.tsx'
import { StorageTree } from '../../../src/panels/storage/storage-tree.tsx'
import { parseTree } from '../../../src/panels/storage/tree-model.ts'
import { useMayAct } from '../../../src/shell/operator.tsx'

const CancelDialog = dynamic(() => import('./cancel-dialog.tsx').then((module) => module.CancelDialog), { ssr: false })
const AbortDialog = dynamic(() => import('../../../src/panels/processes/abort-dialog.tsx').then((module) => module.AbortDialog), { ssr: false })

export const ProcedureItem = ({ process }: { process: ProcessRow }) => {
  const t = useTranslations('procedures')
  const duration = useElapsed(process.startedAt)
  const running = process.result === null
  return (
    <li className="flex flex-col gap-2 px-4 py-3">
      <div className="flex items-center justify-between gap-3">
        <span className="min-w-0 truncate">
          <span className="text-muted">{process.number}</span>{' '}
          {running ? <ProcessLink id={process.id} name={process.name} /> : <span className="font-medium">{process.name}</span>}
          {process.method !== null && process.method !== process.name ? <span className="text-muted"> · {process.method}</span> : null}
        </span>
        <ProcessMark state={process.state} />
      </div>
      {running ? <Progress process={process} /> : null}
      <div className="flex items-center justify-between gap-3">
        <p className="min-w-0 text-xs text-muted">{t(running ? 'runningFor' : 'endedAfter', { duration })}</p>
        {running ? <Ending process={process} /> : null}
      </div>
      {running && process.cancelled !== null ? <Told why={process.cancelled} /> : null}
      {process.result === null ? null : <Result result={process.result} />}
    </li>
  )
}

/** First it is told to end; one that was told and goes on may be ended at once. */
const Ending = ({ process }: { process: ProcessRow }) => {
  const t = useTranslations()
  const mayAct = useMayAct()
  const [asking, setAsking] = useState<'cancel' | 'abort' | null>(null)
  if (!mayAct) return null
  const act = process.cancelled === null ? 'cancel' : 'abort'
  const label = t(act === 'cancel' ? 'procedures.cancel' : 'processes.abort')
  const close = () => setAsking(null)
  return (
    <>
      <Button size="sm" variant="danger-soft" className="shrink-0" aria-label={`${label}: ${process.name}`} onPress={() => setAsking(act)}>
        <CircleStop aria-hidden="true" />
        {label}
      </Button>
      {asking === 'cancel' ? <CancelDialog process={process} onClose={close} /> : null}
      {asking === 'abort' ? <AbortDialog row={process} onClose={close} /> : null}
    </>
  )
}

const Told = ({ why }: { why: string }) => {
  const t = useTranslations('procedures')
  return (
    <p role="status" className="text-xs break-words text-caution">
      {why === '' ? t('cancelled') : t('cancelledWhy', { reason: why })}
    </p>
  )
}

const Progress = ({ process }: { process: ProcessRow }) => {
  const t = useTranslations('procedures')
  const { progress } = process
  return (
    <ProgressBar
      aria-label={t('progress', { name: process.name })}
      {...(progress === null ? { isIndeterminate: true } : { value: progress.fraction * 100 })}
      className="flex w-full flex-col gap-1"
    >
      {progress === null ? null : (
        <span className="flex justify-between gap-3 text-xs">
          <span className="min-w-0 truncate">{progress.text}</span>
          <ProgressBar.Output className="text-xs" />
        </span>
      )}
      <ProgressBar.Track className="h-1.5">
        <ProgressBar.Fill />
      </ProgressBar.Track>
    </ProgressBar>
  )
}

const Result = ({ result }: { result: NonNullable<ProcessRow['result']> }) => {
  const t = useTranslations('procedures')
  const value = result.ok ? result.value : null
  const node = useMemo(() => (value === null ? null : parseTree(value, t('result'))), [value, t])
  if (node !== null) return <StorageTree node={node} />
  if (result.ok) return null
  return (
    <Notice tone="bad">
      <p className="break-words">{result.message}</p>
      <p className="text-xs text-muted">{t('error', { code: result.code })}</p>
    </Notice>
  )
}
