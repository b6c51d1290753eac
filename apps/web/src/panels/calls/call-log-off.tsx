'use client'
import { useTranslations } from 'use-intl'

/** Why there is nothing to see, and how to change that. */
export const CallLogOff = () => {
  const t = useTranslations('calls')
  return <p className="text-muted">{t.rich('offText', { code: (chunks) => <code>{chunks}</code> })}</p>
}
