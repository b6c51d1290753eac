'use client'
import { Button } from '@heroui/react/button'
import { useTranslations } from 'use-intl'
import { Notice } from '../../src/display/notice.tsx'

/** The last net under a page: the shell stays, the page says that it fell. */
const PageError = ({ error, reset }: { error: Error; reset: () => void }) => {
  const t = useTranslations('failure')
  return (
    <div className="flex max-w-xl flex-col items-start gap-4 p-6">
      <Notice tone="bad" role="alert">
        <p>{t('crashed')}</p>
        <p className="text-xs text-muted">{error.message}</p>
      </Notice>
      <Button variant="outline" onPress={reset}>
        {t('retry')}
      </Button>
    </div>
  )
}

export default PageError
