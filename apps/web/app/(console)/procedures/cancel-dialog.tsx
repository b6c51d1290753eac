'use client'
import { useMutation } from '@tanstack/react-query'
import { limits, type ProcessRow } from '@tessera/protocol'
import { type FormEvent, useId, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useTRPC } from '../../../src/api/trpc.ts'
import { Dialog } from '../../../src/display/dialog.tsx'
import { DialogChoice } from '../../../src/display/dialog-choice.tsx'
import { FailureNotice } from '../../../src/display/failure-notice.tsx'
import { Field } from '../../../src/display/field.tsx'

/** Asks a procedure to end, after a question that says what it may still do. */
export const CancelDialog = ({ process, onClose }: { process: ProcessRow; onClose: () => void }) => {
  const t = useTranslations()
  const formId = useId()
  const trpc = useTRPC()
  const cancel = useMutation(trpc.procedures.cancel.mutationOptions({ onSuccess: onClose }))
  const [reason, setReason] = useState(t('processes.defaultReason'))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!cancel.isPending) cancel.mutate({ processId: process.id, reason: reason.trim() })
  }
  const footer = (
    <DialogChoice form={formId} variant="danger" busy={cancel.isPending} leave={t('procedures.keepRunning')} onLeave={onClose}>
      {t('procedures.cancel')}
    </DialogChoice>
  )
  return (
    <Dialog title={t('procedures.cancelTitle', { name: process.name })} locked={cancel.isPending} footer={footer} onClose={onClose}>
      <form id={formId} onSubmit={submit} className="flex flex-col gap-4">
        <p className="text-muted">{t('procedures.cancelText', { seconds: limits.cancelGraceMs / 1000 })}</p>
        <Field label={t('processes.reason')} hint={t('procedures.cancelHint')} value={reason} onChange={setReason} autoFocus />
        {cancel.error === null ? null : <FailureNotice error={cancel.error} />}
      </form>
    </Dialog>
  )
}
