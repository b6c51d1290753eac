'use client'
import { Button } from '@heroui/react/button'
import { useTranslations } from 'use-intl'
import { CopyButton } from '../../../src/display/copy-button.tsx'
import { Empty } from '../../../src/display/empty.tsx'

export const NobodyHere = () => {
  const t = useTranslations()
  const command = `tessera connect ${window.location.host}`
  return (
    <Empty title={t('sessions.emptyTitle')}>
      <p>{t('sessions.emptyText')}</p>
      <p className="flex items-center gap-2 rounded-lg border border-border ps-3 pe-1">
        <code className="text-xs text-foreground">{command}</code>
        <CopyButton text={command} label={t('common.copy')} />
      </p>
    </Empty>
  )
}

export const NothingMatches = ({ total, onClear }: { total: number; onClear: () => void }) => {
  const t = useTranslations('sessions')
  return (
    <Empty title={t('noMatchTitle')}>
      <p>{t('noMatchText', { total })}</p>
      <Button variant="outline" onPress={onClear}>
        {t('clear')}
      </Button>
    </Empty>
  )
}
