'use client'
import type { CallRow } from '@tessera/protocol'
import Link from 'next/link'
import { type ReactNode, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { callsHref } from '../../address/call-url.ts'
import { processesHref } from '../../address/process-url.ts'
import { CopyButton } from '../../display/copy-button.tsx'
import { Notice } from '../../display/notice.tsx'
import { Bytes, Instant } from '../../display/times.tsx'
import { Fact, Facts, Part } from '../facts.tsx'
import { PanelHead, PanelMarks } from '../panel-head.tsx'
import { CallDuration } from './call-duration.tsx'
import { CallMark } from './call-mark.tsx'
import type { CallPanelProps } from './call-panel.tsx'
import { partsOf } from './call-parts.ts'
import { partInks } from './split-bar.tsx'
import { useMilliseconds } from './use-milliseconds.ts'

/** Everything that the log keeps of one call. What was shown stays, though the list has moved on. */
export const CallPanelBody = ({ call, onClose }: CallPanelProps) => {
  const t = useTranslations('calls')
  const last = useRef(call)
  if (call !== undefined) last.current = call
  const shown = last.current
  return (
    <>
      <PanelHead
        title={shown?.method ?? t('panel')}
        id={shown === undefined || shown.request === '' ? null : { label: t('request'), text: shown.request }}
        onClose={onClose}
      >
        {shown === undefined ? null : (
          <PanelMarks>
            <CallMark call={shown} />
            <CallDuration call={shown} />
            <Instant at={shown.at} />
          </PanelMarks>
        )}
      </PanelHead>
      <div className="panel-page flex flex-col gap-5 px-4 pb-6">
        {shown === undefined ? <Notice tone="info">{t('unknown')}</Notice> : <CallFacts call={shown} />}
      </div>
    </>
  )
}

const CallFacts = ({ call }: { call: CallRow }) => {
  const t = useTranslations('calls')
  return (
    <>
      {call.ok ? null : (
        <Notice tone="bad">
          <p className="break-words">{call.message}</p>
          <p className="text-xs text-muted">{t('code', { code: call.code ?? '' })}</p>
        </Notice>
      )}
      <Split call={call} />
      <Facts title={t('who')}>
        <Fact label={t('user')}>
          <To href={`/sessions/?session=${call.sessionId}`}>{call.userName === '' ? call.sessionId : call.userName}</To>
        </Fact>
        <Fact label={t('process')}>
          <To href={processesHref({ process: call.processId })}>{call.process}</To>
        </Fact>
        <Fact label={t('others')}>
          <To href={callsHref({ session: call.sessionId })}>{t('ofSession')}</To>
        </Fact>
      </Facts>
      <Facts title={t('where')}>
        <Fact label={t('version')}>{call.version}</Fact>
        <Fact label={t('isolate')}>{call.isolate === null ? '–' : <code>{call.isolate}</code>}</Fact>
        <Fact label={t('argumentBytes')}>
          <Bytes count={call.argumentBytes} />
        </Fact>
        <Fact label={t('resultBytes')}>
          <Bytes count={call.resultBytes} />
        </Fact>
      </Facts>
      <Part title={t('arguments')}>
        <Arguments text={call.arguments} />
      </Part>
    </>
  )
}

const To = ({ href, children }: { href: string; children: ReactNode }) => (
  <Link href={href} className="text-accent underline underline-offset-2">
    {children}
  </Link>
)

const Split = ({ call }: { call: CallRow }) => {
  const t = useTranslations('calls')
  const inMs = useMilliseconds()
  return (
    <Part title={t('split')}>
      <dl className="grid grid-cols-[8rem_1fr_auto] items-center gap-x-4 gap-y-1.5">
        {partsOf(call).map(({ part, ms, share }) => (
          <div key={part} className="col-span-3 grid grid-cols-subgrid items-center" title={t(`hint_${part}`)}>
            <dt className="text-muted">{t(`part_${part}`)}</dt>
            <dd className="col-span-2 grid grid-cols-subgrid items-center">
              <span aria-hidden="true" className="h-2 overflow-hidden rounded-full bg-default">
                <span className={`block h-full ${partInks[part]}`} style={{ width: `${share * 100}%` }} />
              </span>
              <span className="text-end tabular-nums">{inMs(ms)}</span>
            </dd>
          </div>
        ))}
      </dl>
      {call.split.runMs === null ? <p className="text-xs text-muted">{t('notMeasured')}</p> : null}
    </Part>
  )
}

const Arguments = ({ text }: { text: string | null }) => {
  const t = useTranslations('calls')
  if (text === null) return <p className="text-muted">{t.rich('notLogged', { code: (chunks) => <code>{chunks}</code> })}</p>
  return (
    <div className="flex items-start gap-1">
      <pre className="min-w-0 flex-1 rounded-lg bg-default px-3 py-2 text-xs break-all whitespace-pre-wrap">{text}</pre>
      <CopyButton text={text} label={t('copyArguments')} />
    </div>
  )
}
