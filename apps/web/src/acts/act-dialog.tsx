'use client'
import { Button } from '@heroui/react/button'
import type { ActResult } from '@tessera/protocol'
import { type FormEvent, useId, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Dialog } from '../display/dialog.tsx'
import { DialogChoice } from '../display/dialog-choice.tsx'
import { FailureNotice } from '../display/failure-notice.tsx'
import { ActForm } from './act-form.tsx'
import { ActOutcome } from './act-outcome.tsx'
import { type ActDraft, type ActName, type ActTarget, isDestructive, takesGrace } from './acts.ts'
import { BlastSummary } from './blast-summary.tsx'
import { CopyAsCode } from './copy-as-code.tsx'
import { useAct, usePreview } from './use-act.ts'

const titles = { message: 'messageTitle', reload: 'reloadTitle', end: 'endTitle', disconnect: 'disconnectTitle' } as const
const explanations = { message: 'messageWhat', reload: 'reloadWhat', end: 'endWhat', disconnect: 'disconnectWhat' } as const
const confirmations = { message: 'confirmMessage', reload: 'confirmReload', end: 'confirmEnd', disconnect: 'confirmDisconnect' } as const
const reasons = { message: null, reload: 'defaultReload', end: 'defaultEnd', disconnect: 'defaultDisconnect' } as const

interface ActDialogProps {
  act: ActName
  target: ActTarget
  onDone: (result: ActResult) => void
  onClose: () => void
}

/** Whom it touches, why, and afterwards what became of each. */
export const ActDialog = ({ act, target, onDone, onClose }: ActDialogProps) => {
  const t = useTranslations()
  const formId = useId()
  const preview = usePreview(act, target)
  const run = useAct(act, target)
  const reasonKey = reasons[act]
  const [draft, setDraft] = useState<ActDraft>({ reason: reasonKey === null ? '' : t(`act.${reasonKey}`), graceSeconds: takesGrace(act) ? 60 : 0 })
  const [missing, setMissing] = useState(false)
  const count = preview.data?.blast.sessions ?? 0

  const submit = (event: FormEvent) => {
    event.preventDefault()
    const reason = draft.reason.trim()
    setMissing(reason === '')
    if (reason !== '' && count > 0 && !run.isPending) run.mutate({ ...draft, reason }, { onSuccess: onDone })
  }

  const footer = run.isSuccess ? (
    <Button variant="primary" onPress={onClose} autoFocus>
      {t('common.close')}
    </Button>
  ) : (
    <DialogChoice
      form={formId}
      variant={isDestructive(act) ? 'danger' : 'primary'}
      isDisabled={count === 0}
      busy={run.isPending}
      leave={t('common.cancel')}
      onLeave={onClose}
    >
      {run.isPending ? t('act.working') : t(`act.${confirmations[act]}`, { count })}
    </DialogChoice>
  )

  return (
    <Dialog title={t(`act.${titles[act]}`)} size="lg" locked={run.isPending} footer={footer} onClose={onClose}>
      {run.isSuccess ? (
        <ActOutcome result={run.data} rows={preview.data?.rows ?? []} />
      ) : (
        <form id={formId} onSubmit={submit} className="flex flex-col gap-4">
          <p className="text-muted">{t(`act.${explanations[act]}`)}</p>
          <BlastSummary act={act} preview={preview} target={target} />
          <ActForm act={act} draft={draft} missing={missing && draft.reason.trim() === ''} onChange={setDraft} />
          {run.error === null ? null : <FailureNotice error={run.error} />}
          <CopyAsCode act={act} target={target} draft={draft} />
        </form>
      )}
    </Dialog>
  )
}
