'use client'
import type { OtpCounts, SessionDetail, WebShareRow } from '@tessera/protocol'
import { useFormatter, useLocale, useTranslations } from 'use-intl'
import { formatDuration } from '../display/durations.ts'
import { Notice } from '../display/notice.tsx'
import { Ago, Instant } from '../display/times.tsx'
import { Fact, Facts, Part } from './facts.tsx'

export const WebFacts = ({ web }: { web: NonNullable<SessionDetail['web']> }) => {
  const t = useTranslations()
  const locale = useLocale()
  return (
    <Facts title={t('summary.web')}>
      <Fact label={t('summary.webGuest')}>{t(web.guest ? 'common.yes' : 'common.no')}</Fact>
      <Fact label={t('summary.webIdle')}>{formatDuration(locale, web.idleTimeoutMinutes * 60_000)}</Fact>
      <Fact label={t('summary.webExpires')}>
        <Instant at={web.expirationDate} />
      </Fact>
    </Facts>
  )
}

/** What became of the session's tokens; one that came twice may be a theft. */
export const OneTimeTokens = ({ otps }: { otps: OtpCounts }) => {
  const t = useTranslations('summary')
  const format = useFormatter()
  if (otps.issued === 0 && otps.replayed === 0) {
    return (
      <Part title={t('otps')}>
        <p className="text-muted">{t('otpNone')}</p>
      </Part>
    )
  }
  return (
    <div className="flex flex-col gap-2">
      <Facts title={t('otps')}>
        <Fact label={t('otpLive')}>{format.number(otps.live)}</Fact>
        <Fact label={t('otpIssued')}>{format.number(otps.issued)}</Fact>
        <Fact label={t('otpRedeemed')}>{format.number(otps.redeemed)}</Fact>
        <Fact label={t('otpExpired')}>{format.number(otps.expired)}</Fact>
        <Fact label={t('otpReplayed')}>
          <span className={otps.replayed > 0 ? 'font-medium text-bad' : ''}>{format.number(otps.replayed)}</span>
        </Fact>
      </Facts>
      {otps.replayed > 0 ? (
        <Notice tone="bad" role="alert">
          {t('otpAlert', { count: otps.replayed })}
        </Notice>
      ) : null}
    </div>
  )
}

/** Who else is in the session by way of a token (4d.md OTP-10). */
export const Shares = ({ shares }: { shares: readonly WebShareRow[] }) => {
  const t = useTranslations('summary')
  if (shares.length === 0) {
    return (
      <Part title={t('shares')}>
        <p className="text-muted">{t('sharesNone')}</p>
      </Part>
    )
  }
  return (
    <Part title={t('shares')}>
      <p className="text-xs text-muted">{t('sharesHint')}</p>
      <ul aria-label={t('shares')} className="flex flex-col divide-y divide-separator rounded-lg border border-border">
        {shares.map(({ fingerprint, address, userAgent, since, lastUsedAt }) => (
          <li key={fingerprint} className="flex flex-col gap-0.5 px-3 py-2">
            <p className="flex items-baseline justify-between gap-3">
              <span>{address}</span>
              <code className="text-xs text-muted">{fingerprint}</code>
            </p>
            <p className="truncate text-xs text-muted" title={userAgent}>
              {userAgent}
            </p>
            <p className="text-xs text-muted">{t.rich('shareSince', { since: () => <Ago at={since} />, used: () => <Ago at={lastUsedAt} /> })}</p>
          </li>
        ))}
      </ul>
    </Part>
  )
}
