'use client'
import type { RejectedBuild, ServerRow } from '@tessera/protocol'
import { CircleCheck } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { processesHref } from '../../../src/address/process-url.ts'
import { sessionsHref } from '../../../src/address/session-url.ts'
import { type Attention, attentionOf } from '../../../src/attention/attention.ts'
import { Notice } from '../../../src/display/notice.tsx'
import { ProblemList } from '../../../src/display/problem-list.tsx'
import { Ago, Instant } from '../../../src/display/times.tsx'

/** What somebody should look at, or that there is nothing. */
export const AttentionList = ({ server }: { server: ServerRow }) => {
  const t = useTranslations('overview')
  const found = attentionOf(server, Date.now())
  return (
    <section aria-label={t('attention')} className="flex flex-col gap-2">
      {found.length === 0 ? (
        <p className="flex items-center gap-3 rounded-xl bg-good-wash px-4 py-3">
          <CircleCheck aria-hidden="true" className="size-5 shrink-0 text-good" />
          <span>
            <span className="block font-semibold">{t('calmTitle')}</span>
            {t('calmText')}
          </span>
        </p>
      ) : (
        <>
          <h2 className="text-sm font-semibold">
            {t('attention')} <span className="font-normal text-muted">{found.length}</span>
          </h2>
          <ul className="flex flex-col gap-2">
            {found.map((one) => (
              <li key={one.kind}>
                <Notice tone={one.tone}>
                  <What one={one} />
                </Notice>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

const What = ({ one }: { one: Attention }) => {
  const t = useTranslations('overview')
  switch (one.kind) {
    case 'state':
      return t(one.state)
    case 'roles':
      return <Refused what="roles" build={one.build} />
    case 'build':
      return (
        <>
          <Refused what="build" build={one.build} />
          <More href="/versions/">{t('toVersions')}</More>
        </>
      )
    case 'replayed':
      return (
        <>
          {t('replayed', { count: one.count })} <More href={sessionsHref({ text: 'is:replayed', chips: [] })}>{t('show')}</More>
        </>
      )
    case 'unreachable':
      return (
        <>
          {t('unreachable', { count: one.count })} <More href={sessionsHref({ text: '', chips: ['unreachable'] })}>{t('show')}</More>
        </>
      )
    case 'blocked':
    case 'quarantined':
      return (
        <>
          {t(one.kind, { count: one.count })} <More href={processesHref({ view: 'isolates' })}>{t('show')}</More>
        </>
      )
    case 'licencesFull':
      return t('licencesFull')
    case 'rejecting':
      return t('rejecting')
    case 'restart':
      return <Lines title={t('restart', { count: one.problems.length })} lines={one.problems.map((text) => ({ key: text, text }))} />
    case 'addressWarnings':
      return <Lines title={t('addressWarnings')} lines={one.warnings.map((text) => ({ key: text, text }))} />
    case 'drift':
      return <Lines title={t('drift', { count: one.rows.length })} lines={one.rows.map(({ at, what }) => ({ key: `${at} ${what}`, text: what, at }))} />
  }
}

const Refused = ({ what, build }: { what: 'roles' | 'build'; build: RejectedBuild }) => {
  const t = useTranslations('overview')
  return (
    <>
      <p className="font-medium">{t.rich(what, { who: build.by, when: () => <Ago at={build.at} /> })}</p>
      {build.problems.length === 0 ? null : (
        <details>
          <summary className="cursor-pointer text-xs">{t('details', { count: build.problems.length })}</summary>
          <ProblemList problems={build.problems} />
        </details>
      )}
    </>
  )
}

const linesShown = 5

const Lines = ({ title, lines }: { title: string; lines: readonly { key: string; text: string; at?: string }[] }) => {
  const t = useTranslations('act')
  return (
    <>
      <p className="font-medium">{title}</p>
      <ul className="mt-1 flex flex-col gap-0.5 text-xs">
        {lines.slice(0, linesShown).map(({ key, text, at }) => (
          <li key={key}>
            {at === undefined ? null : (
              <span className="text-muted">
                <Instant at={at} />{' '}
              </span>
            )}
            {text}
          </li>
        ))}
        {lines.length > linesShown ? <li className="text-muted">{t('andMore', { count: lines.length - linesShown })}</li> : null}
      </ul>
    </>
  )
}

const More = ({ href, children }: { href: string; children: ReactNode }) => (
  <Link href={href} className="whitespace-nowrap text-accent underline underline-offset-2">
    {children}
  </Link>
)
