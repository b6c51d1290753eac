'use client'
import { Button } from '@heroui/react/button'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useTRPC } from '../../../src/api/trpc.ts'
import { BusyButton } from '../../../src/display/busy-button.tsx'
import { Choice } from '../../../src/display/choice.tsx'
import { Dialog } from '../../../src/display/dialog.tsx'
import { FailureNotice } from '../../../src/display/failure-notice.tsx'
import { AreaField, Field } from '../../../src/display/field.tsx'
import { SkeletonLines } from '../../../src/display/skeleton.tsx'
import { parseEdited } from '../../../src/panels/storage/tree-model.ts'

interface StartDialogProps {
  onStarted: (number: number) => void
  onClose: () => void
}

/** Starts a server method of the current version as a stored procedure. */
export const StartDialog = ({ onStarted, onClose }: StartDialogProps) => {
  const t = useTranslations()
  const formId = useId()
  const trpc = useTRPC()
  const methods = useQuery(trpc.procedures.methods.queryOptions(undefined, { staleTime: 0 }))
  const start = useMutation(trpc.procedures.start.mutationOptions({ onSuccess: ({ number }) => onStarted(number) }))
  const [draft, setDraft] = useState({ method: '', args: '[]', name: '', unique: false })
  const [tried, setTried] = useState(false)
  const args = parseArguments(draft.args)
  const nameProblem = draft.unique && draft.name.trim() === '' ? t('procedures.uniqueNeedsName') : undefined

  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (draft.method === '' || args === null || nameProblem !== undefined) return
    start.mutate({ method: draft.method, args, name: draft.name.trim(), unique: draft.unique })
  }

  const names = (methods.data ?? []).filter(({ onServer }) => onServer).map(({ name }) => name)
  const footer = (
    <>
      <Button variant="outline" onPress={onClose}>
        {t('common.cancel')}
      </Button>
      <BusyButton type="submit" form={formId} variant="primary" busy={start.isPending} isDisabled={names.length === 0}>
        {start.isPending ? t('procedures.starting') : t('procedures.startButton')}
      </BusyButton>
    </>
  )

  return (
    <Dialog title={t('procedures.start')} footer={footer} onClose={onClose}>
      <form id={formId} onSubmit={submit} className="flex flex-col gap-4">
        {methods.error === null ? null : <FailureNotice error={methods.error} />}
        {methods.isPending ? <SkeletonLines lines={2} label={t('common.loading')} /> : null}
        {methods.data === undefined ? null : names.length === 0 ? (
          <p className="text-muted">{t('procedures.noMethods')}</p>
        ) : (
          <Choice
            label={t('procedures.method')}
            placeholder={t('procedures.chooseMethod')}
            error={tried && draft.method === '' ? t('procedures.methodNeeded') : undefined}
            options={names}
            value={draft.method}
            onChange={(method) => setDraft({ ...draft, method })}
          />
        )}
        <AreaField
          label={t('procedures.args')}
          hint={t('procedures.argsHint')}
          error={args === null ? t('procedures.argsNotArray') : undefined}
          code
          value={draft.args}
          onChange={(text) => setDraft({ ...draft, args: text })}
        />
        <Field
          label={t('procedures.name')}
          hint={t('procedures.nameHint')}
          error={tried ? nameProblem : undefined}
          value={draft.name}
          onChange={(name) => setDraft({ ...draft, name })}
        />
        <label className="flex cursor-pointer items-center gap-2">
          <input type="checkbox" className="tick-box" checked={draft.unique} onChange={(event) => setDraft({ ...draft, unique: event.target.checked })} />
          {t('procedures.unique')}
        </label>
        {start.error === null ? null : <FailureNotice error={start.error} />}
      </form>
    </Dialog>
  )
}

/** The storable text of the arguments, or null when they are no array. */
const parseArguments = (text: string): string | null => {
  const edited = parseEdited(text.trim() === '' ? '[]' : text)
  return edited.ok && edited.text.startsWith('[') ? edited.text : null
}
