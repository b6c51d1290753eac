'use client'
import { useFormatter, useTranslations } from 'use-intl'

/** How many calls there were; a dot where some of them failed. */
export const CallsCount = ({ calls, errors }: { calls: number; errors: number }) => {
  const t = useTranslations('sessions')
  const text = useFormatter().number(calls)
  if (errors === 0) return text
  return (
    <span title={t('errors', { count: errors })}>
      <span aria-hidden="true" className="me-1.5 inline-block size-1.5 rounded-full bg-bad align-middle" />
      {text}
      <span className="sr-only">, {t('errors', { count: errors })}</span>
    </span>
  )
}
