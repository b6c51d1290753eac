'use client'
import { useTranslations } from 'use-intl'
import { AreaField, Field } from '../display/field.tsx'
import { type ActDraft, type ActName, takesGrace } from './acts.ts'

interface ActFormProps {
  act: ActName
  draft: ActDraft
  missing: boolean
  onChange: (draft: ActDraft) => void
}

const mostGraceSeconds = 86_400

export const ActForm = ({ act, draft, missing, onChange }: ActFormProps) => {
  const t = useTranslations('act')
  const isMessage = act === 'message'
  return (
    <div className="flex flex-col gap-4">
      <AreaField
        label={isMessage ? t('text') : t('reason')}
        hint={isMessage ? t('textHint') : t('reasonHint')}
        error={missing ? t(isMessage ? 'textNeeded' : 'reasonNeeded') : undefined}
        rows={isMessage ? 3 : 2}
        autoFocus
        value={draft.reason}
        onChange={(reason) => onChange({ ...draft, reason })}
      />
      {takesGrace(act) ? (
        <Field
          label={t('grace')}
          hint={act === 'reload' ? t('graceReloadHint') : t('graceEndHint')}
          type="number"
          min={0}
          max={mostGraceSeconds}
          value={String(draft.graceSeconds)}
          onChange={(text) => onChange({ ...draft, graceSeconds: graceOf(text) })}
        />
      ) : null}
    </div>
  )
}

const graceOf = (text: string): number => Math.min(mostGraceSeconds, Math.max(0, Math.floor(Number(text)) || 0))
