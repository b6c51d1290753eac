'use client'
import { Button } from '@heroui/react/button'
import { useMutation } from '@tanstack/react-query'
import type { LicencesRow } from '@tessera/protocol'
import { type FormEvent, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useServerActs } from '../../../src/api/server-acts.ts'
import { BusyButton } from '../../../src/display/busy-button.tsx'
import { FailureNotice } from '../../../src/display/failure-notice.tsx'
import { Field } from '../../../src/display/field.tsx'
import { Notice } from '../../../src/display/notice.tsx'

/** How many may be taken at once; what happens to those who are over it is said before it is saved. */
export const MaximumForm = ({ licences, onDone }: { licences: LicencesRow; onDone: () => void }) => {
  const t = useTranslations()
  const acts = useServerActs()
  const save = useMutation({ mutationFn: acts.setLicences, onSuccess: onDone })
  const [text, setText] = useState(String(licences.maximum ?? licences.used))
  const [unlimited, setUnlimited] = useState(licences.maximum === null)
  const maximum = unlimited ? null : parseMaximum(text)
  const over = typeof maximum === 'number' ? licences.used - maximum : 0
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (maximum !== undefined && !save.isPending) save.mutate({ maximum })
  }
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-3 border-t border-separator pt-3">
      <label className="flex cursor-pointer items-center gap-2">
        <input type="checkbox" className="tick-box" checked={unlimited} onChange={(event) => setUnlimited(event.target.checked)} />
        {t('overview.noLimit')}
      </label>
      {unlimited ? null : (
        <Field
          label={t('overview.maximum')}
          hint={t('overview.maximumHint')}
          error={maximum === undefined ? t('overview.maximumBad') : undefined}
          type="number"
          min={0}
          autoFocus
          value={text}
          onChange={setText}
        />
      )}
      {over > 0 ? (
        <Notice tone="caution" role="status">
          {t('overview.maximumBelow', { count: over })}
        </Notice>
      ) : null}
      {save.error === null ? null : <FailureNotice error={save.error} />}
      <div className="flex justify-end gap-2">
        <Button size="sm" variant="outline" onPress={onDone}>
          {t('common.cancel')}
        </Button>
        <BusyButton size="sm" variant="primary" type="submit" busy={save.isPending} isDisabled={maximum === undefined}>
          {save.isPending ? t('common.saving') : t('common.save')}
        </BusyButton>
      </div>
    </form>
  )
}

const parseMaximum = (text: string): number | undefined => (/^\d{1,9}$/.test(text.trim()) ? Number(text) : undefined)
