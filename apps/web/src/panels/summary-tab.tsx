'use client'
import type { SessionDetail } from '@tessera/protocol'
import { useFormatter, useLocale, useTranslations } from 'use-intl'
import { formatBytes, formatInstant } from '../display/durations.ts'
import { Notice } from '../display/notice.tsx'
import { StateMark, VersionMark } from '../display/session-marks.tsx'
import { Ago, Countdown, Instant } from '../display/times.tsx'
import { Fact, Facts } from './facts.tsx'
import { OneTimeTokens, Shares, WebFacts } from './web-facts.tsx'

export const SummaryTab = ({ session }: { session: SessionDetail }) => {
  const t = useTranslations()
  const format = useFormatter()
  const locale = useLocale()
  return (
    <div className="flex flex-col gap-5">
      <Waiting session={session} />
      {session.restored ? <Notice tone="info">{t('summary.restored')}</Notice> : null}
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
        <Fact label={t('summary.stateSince')}>
          <Ago at={session.stateSince} />
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
      {session.web === null ? null : <WebFacts web={session.web} />}
      <OneTimeTokens otps={session.otps} />
      {session.kind === 'remote' ? <Shares shares={session.shares} /> : null}
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
  const marks = useTranslations('sessions')
  const locale = useLocale()
  const { pendingReload, state, stateSince, removedAt, waitingMessages } = session
  const away = state === 'postponed' || state === 'sleeping' || state === 'unreachable' ? state : null
  return (
    <>
      {away === null ? null : (
        <Notice tone={away === 'unreachable' ? 'caution' : 'info'}>
          <p>{t(away, { time: formatInstant(locale, stateSince) })}</p>
          {removedAt === null ? null : (
            <p className="text-xs">{t.rich('removedIn', { time: formatInstant(locale, removedAt), wait: () => <Countdown at={removedAt} /> })}</p>
          )}
          {waitingMessages === 0 ? null : <p className="text-xs">{marks('waitingMessages', { count: waitingMessages })}</p>}
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
