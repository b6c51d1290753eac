'use client'
import { Button } from '@heroui/react/button'
import { Play } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Notice } from '../../../src/display/notice.tsx'
import { useMayAct } from '../../../src/shell/operator.tsx'

const StartDialog = dynamic(() => import('./start-dialog.tsx').then((module) => module.StartDialog), { ssr: false })

export const StartProcedure = () => {
  const t = useTranslations()
  const mayAct = useMayAct()
  const [open, setOpen] = useState(false)
  const [started, setStarted] = useState<number | null>(null)
  return (
    <div className="flex flex-col items-end gap-2">
      <Button variant="primary" isDisabled={!mayAct} onPress={() => setOpen(true)}>
        <Play aria-hidden="true" />
        {t('procedures.start')}
      </Button>
      {mayAct ? null : <p className="text-xs text-muted">{t('common.needsOperator')}</p>}
      {started === null ? null : (
        <Notice tone="good" role="status">
          {t('procedures.started', { number: String(started) })}
        </Notice>
      )}
      {open ? (
        <StartDialog
          onClose={() => setOpen(false)}
          onStarted={(number) => {
            setStarted(number)
            setOpen(false)
          }}
        />
      ) : null}
    </div>
  )
}
