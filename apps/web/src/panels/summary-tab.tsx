'use client'
import type { SessionDetail } from '@tessera/protocol'
import type { ReactNode } from 'react'
import { useFormatter, useLocale, useTranslations } from 'use-intl'
import { formatBytes, formatInstant } from '../display/durations.ts'
import { Notice } from '../display/notice.tsx'
import { StateMark, VersionMark } from '../display/session-marks.tsx'
import { Ago, Instant } from '../display/times.tsx'

export const SummaryTab = ({ session }: { session: SessionDetail }) => {
  const t = useTranslations()
  const format = useFormatter()
  const locale = useLocale()
  return (
    <div className="flex flex-col gap-5">
      <Waiting session={session} />
      <Facts title={t('summary.identity')}>
        <Fact label={t('summary.user')}>{session.userName}</Fact>
        <Fact label={t('summary.systemUser')}>{session.systemUserName || '–'}</Fact>
        <Fact label={t('summary.machine')}>{session.machineName || '–'}</Fact>
        <Fact label={t('summary.address')}>{session.address}</Fact>
        <Fact label={t('summary.host')}>{session.hostType || '–'}</Fact>
        <Fact label={t('summary.kind')}>{t(`kind.${session.kind}`)}</Fact>
        <Fact label={t('summary.licence')}>{t(session.counted ? 'common.yes' : 'common.no')}</Fact>
      </Facts>
      <Facts title={t('summary.activity')}>
        <Fact label={t('summary.state')}>
          <StateMark state={session.state} />
        </Fact>
        <Fact label={t('summary.since')}>
          <Instant at={session.createdAt} />
        </Fact>
        <Fact label={t('summary.lastActivity')}>
          <Ago at={session.lastActivityAt} />
        </Fact>
        <Fact label={t('summary.calls')}>{format.number(session.calls)}</Fact>
        <Fact label={t('summary.errors')}>
          <span className={session.errors > 0 ? 'text-bad' : ''}>{format.number(session.errors)}</span>
        </Fact>
        <Fact label={t('summary.processes')}>{format.number(session.processes)}</Fact>
        <Fact label={t('summary.storage')}>{t('summary.storageText', { bytes: formatBytes(locale, session.storageBytes), clock: session.storageClock })}</Fact>
      </Facts>
      <Facts title={t('summary.version')}>
        <Fact label={t('summary.version')}>
          <VersionMark version={session.version} />
        </Fact>
        <Fact label={t('summary.digest')}>
          <code className="text-xs break-all">{session.version.digest}</code>
        </Fact>
      </Facts>
    </div>
  )
}

/** What is about to happen to the session by itself. */
const Waiting = ({ session }: { session: SessionDetail }) => {
  const t = useTranslations('summary')
  const locale = useLocale()
  const { pendingReload, unreachableSince, removedAt } = session
  return (
    <>
      {unreachableSince === null ? null : (
        <Notice tone="caution">
          <p>{t('unreachable', { time: formatInstant(locale, unreachableSince) })}</p>
          {removedAt === null ? null : <p className="text-xs">{t('removed', { time: formatInstant(locale, removedAt) })}</p>}
        </Notice>
      )}
      {pendingReload === null ? null : (
        <Notice tone="info">
          {t('reload', { version: pendingReload.version, time: formatInstant(locale, pendingReload.deadlineAt), reason: pendingReload.reason })}
        </Notice>
      )}
    </>
  )
}

const Facts = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="flex flex-col gap-2">
    <h3 className="text-xs font-medium text-muted">{title}</h3>
    <dl className="grid grid-cols-[8rem_1fr] gap-x-4 gap-y-1.5">{children}</dl>
  </section>
)

const Fact = ({ label, children }: { label: string; children: ReactNode }) => (
  <div className="col-span-2 grid grid-cols-subgrid">
    <dt className="text-muted">{label}</dt>
    <dd className="min-w-0 break-words">{children}</dd>
  </div>
)
