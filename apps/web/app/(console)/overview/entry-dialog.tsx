'use client'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useServerActs } from '../../../src/api/server-acts.ts'
import { Dialog } from '../../../src/display/dialog.tsx'
import { DialogChoice } from '../../../src/display/dialog-choice.tsx'
import { FailureNotice } from '../../../src/display/failure-notice.tsx'
import { AreaField } from '../../../src/display/field.tsx'

interface EntryDialogProps {
  /** As it is: the dialog is about the opposite. */
  accepting: boolean
  connected: number
  message: string
  onClose: () => void
}

/** Asks before newcomers are turned away or let in again, and says what becomes of those who are there. */
export const EntryDialog = ({ accepting, connected, message, onClose }: EntryDialogProps) => {
  const t = useTranslations()
  const formId = useId()
  const acts = useServerActs()
  // What it was when somebody asked: the page behind it may hear of the change first.
  const [rejecting] = useState(accepting)
  const [text, setText] = useState(message === '' ? t('overview.messageDefault') : message)
  const [tried, setTried] = useState(false)
  const change = useMutation({
    mutationFn: () => (rejecting ? acts.rejectConnections({ message: text.trim() }) : acts.acceptConnections()),
    onSuccess: onClose,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!change.isPending && !(rejecting && text.trim() === '')) change.mutate()
  }
  const title = t(rejecting ? 'overview.reject' : 'overview.accept')
  const footer = (
    <DialogChoice
      form={formId}
      variant={rejecting ? 'danger' : 'primary'}
      busy={change.isPending}
      autoFocus={!rejecting}
      leave={t('common.cancel')}
      onLeave={onClose}
    >
      {change.isPending ? t('act.working') : title}
    </DialogChoice>
  )
  return (
    <Dialog title={title} locked={change.isPending} footer={footer} onClose={onClose}>
      <form id={formId} onSubmit={submit} className="flex flex-col gap-4">
        <p className="text-muted">{t(rejecting ? 'overview.rejectWhat' : 'overview.acceptWhat')}</p>
        <p className="rounded-lg border border-border px-3 py-2">{rejecting ? t('overview.rejectStay', { count: connected }) : t('overview.acceptStay')}</p>
        {rejecting ? (
          <AreaField
            label={t('overview.message')}
            hint={t('overview.messageHint')}
            error={tried && text.trim() === '' ? t('overview.messageNeeded') : undefined}
            rows={2}
            autoFocus
            value={text}
            onChange={setText}
          />
        ) : null}
        {change.error === null ? null : <FailureNotice error={change.error} />}
      </form>
    </Dialog>
  )
}
