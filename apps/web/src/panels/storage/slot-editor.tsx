'use client'
import { Button } from '@heroui/react/button'
import { useMutation } from '@tanstack/react-query'
import { limits, type StorageSlotRow } from '@tessera/protocol'
import { type FormEvent, type KeyboardEvent, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useTRPC } from '../../api/trpc.ts'
import { BusyButton } from '../../display/busy-button.tsx'
import { FailureNotice } from '../../display/failure-notice.tsx'
import { AreaField, Field } from '../../display/field.tsx'
import { Notice } from '../../display/notice.tsx'
import { formatForEditing, parseEdited } from './tree-model.ts'

interface SlotEditorProps {
  session: string
  /** The slot to edit; without it a new one is added. */
  row?: StorageSlotRow
  taken?: readonly string[]
  onDone: () => void
}

/** Edits one slot as JSON. Ctrl+Enter saves, Escape leaves; a change by somebody else meanwhile is told, not overwritten unseen. */
export const SlotEditor = ({ session, row, taken = [], onDone }: SlotEditorProps) => {
  const t = useTranslations()
  const trpc = useTRPC()
  const [slot, setSlot] = useState(row?.slot ?? '')
  const [text, setText] = useState(row === undefined ? '' : formatForEditing(row.text))
  const [baseClock, setBaseClock] = useState(row?.clock ?? 0)
  const [tried, setTried] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const save = useMutation(trpc.storage.patch.mutationOptions({ onSuccess: onDone }))
  const edited = parseEdited(text)
  const nameProblem = slot.trim() === '' ? t('storage.nameNeeded') : taken.includes(slot) ? t('storage.nameTaken') : undefined

  const submit = (event?: FormEvent) => {
    event?.preventDefault()
    setTried(true)
    if (edited.ok && nameProblem === undefined) save.mutate({ session, slot, text: edited.text })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit()
    else if (event.key === 'Escape') onDone()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <form ref={form} onSubmit={submit} onKeyDown={onKeyDown} className="relative flex flex-col gap-3 rounded-md border border-border bg-surface p-3">
      {row === undefined ? (
        <Field
          label={t('storage.slotName')}
          value={slot}
          onChange={(next) => setSlot(next.slice(0, limits.storageKeyCharacters))}
          error={tried ? nameProblem : undefined}
          autoFocus
        />
      ) : null}
      {row !== undefined && row.clock !== baseClock ? (
        <Notice tone="caution" role="status">
          <p>{t('storage.conflict', { who: row.changedBy })}</p>
          <Button
            size="sm"
            variant="outline"
            onPress={() => {
              setText(formatForEditing(row.text))
              setBaseClock(row.clock)
              // The button that has the focus is about to leave.
              form.current?.querySelector('textarea')?.focus()
            }}
          >
            {t('storage.takeTheirs')}
          </Button>
        </Notice>
      ) : null}
      <AreaField
        label={t('storage.value')}
        hint={t('storage.valueHint')}
        error={edited.ok || (text.trim() === '' && !tried) ? undefined : t('storage.invalid', { problem: edited.problem })}
        code
        rows={Math.min(14, Math.max(3, text.split('\n').length))}
        autoFocus={row !== undefined}
        value={text}
        onChange={setText}
      />
      {save.error === null ? null : <FailureNotice error={save.error} />}
      <div className="flex justify-end gap-2">
        <Button size="sm" variant="outline" onPress={onDone}>
          {t('common.cancel')}
        </Button>
        <BusyButton size="sm" variant="primary" type="submit" busy={save.isPending} isDisabled={!edited.ok}>
          {save.isPending ? t('common.saving') : t('common.save')}
        </BusyButton>
      </div>
    </form>
  )
}
