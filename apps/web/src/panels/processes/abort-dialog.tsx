'use client'
import { Button } from '@heroui/react/button'
import { useMutation } from '@tanstack/react-query'
import type { ProcessRow } from '@tessera/protocol'
import { type FormEvent, useId, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useTRPC } from '../../api/trpc.ts'
import { Dialog } from '../../display/dialog.tsx'
import { DialogChoice } from '../../display/dialog-choice.tsx'
import { FailureNotice } from '../../display/failure-notice.tsx'
import { Field } from '../../display/field.tsx'
import { Notice } from '../../display/notice.tsx'

/** Ends the running call, after a question that says what becomes of it and of its neighbours. */
export const AbortDialog = ({ row, onClose }: { row: ProcessRow; onClose: () => void }) => {
  const t = useTranslations()
  const formId = useId()
  const trpc = useTRPC()
  const abort = useMutation(trpc.processes.abort.mutationOptions())
  const [reason, setReason] = useState(t('processes.defaultReason'))
  const [method] = useState(row.method ?? row.name)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!abort.isPending) abort.mutate({ processId: row.id, reason: reason.trim() })
  }
  const footer = abort.isSuccess ? (
    <Button variant="primary" onPress={onClose} autoFocus>
      {t('common.close')}
    </Button>
  ) : (
    <DialogChoice form={formId} variant="danger" busy={abort.isPending} leave={t('procedures.keepRunning')} onLeave={onClose}>
      {t('processes.abort')}
    </DialogChoice>
  )
  return (
    <Dialog title={t('processes.abortTitle', { method })} locked={abort.isPending} footer={footer} onClose={onClose}>
      {abort.isSuccess ? (
        <Notice tone="good" role="status">
          {t(`processes.outcome_${abort.data.outcome}`)}
        </Notice>
      ) : (
        <form id={formId} onSubmit={submit} className="flex flex-col gap-4">
          <div className="flex flex-col gap-2 text-muted">
            <p>{t(row.kind === 'storedProcedure' ? 'processes.abortProcedure' : 'processes.abortCall', { user: row.userName })}</p>
            <p>{t('processes.abortNeighbours')}</p>
          </div>
          <Field label={t('processes.reason')} hint={t('processes.reasonHint')} value={reason} onChange={setReason} autoFocus />
          {abort.error === null ? null : <FailureNotice error={abort.error} />}
        </form>
      )}
    </Dialog>
  )
}
