'use client'
import { DoorClosed } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'use-intl'
import { useServer } from './server-provider.tsx'

/** Says on every page that newcomers are turned away. The status region stands empty while they are not. */
export const EntryBanner = () => {
  const t = useTranslations('connection')
  const entry = useServer()?.entry
  return (
    <div role="status">
      {entry === undefined || entry.accepting ? null : (
        <p className="flex items-center gap-2 border-b border-border bg-caution-wash px-4 py-2">
          <DoorClosed aria-hidden="true" className="size-4 shrink-0 text-caution" />
          <span className="min-w-0 flex-1 break-words">
            {entry.message === '' ? t('bannerRejectingSilent') : t('bannerRejecting', { message: entry.message })}{' '}
            <Link href="/overview/" className="whitespace-nowrap text-accent underline underline-offset-2">
              {t('bannerRejectingLink')}
            </Link>
          </span>
        </p>
      )}
    </div>
  )
}
