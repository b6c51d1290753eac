'use client'
import { Button } from '@heroui/react/button'
import { useTranslations } from 'use-intl'
import { BrandMark } from '../display/brand.tsx'
import { FailureNotice } from '../display/failure-notice.tsx'

/** The page when even the first question got no answer. */
export const ServerSilent = ({ error, onRetry }: { error: unknown; onRetry: () => void }) => {
  const t = useTranslations('failure')
  return (
    <main className="splash p-4">
      <div className="flex w-full max-w-md flex-col items-center gap-4">
        <BrandMark size={40} />
        <h1 className="text-xl font-semibold">{t('title')}</h1>
        <FailureNotice error={error} />
        <Button variant="primary" onPress={onRetry}>
          {t('retry')}
        </Button>
      </div>
    </main>
  )
}
