'use client'
import { useTranslations } from 'use-intl'
import { CopyButton } from '../display/copy-button.tsx'
import type { ActDraft, ActName, ActTarget } from './acts.ts'
import { asCommand, asScript } from './as-code.ts'

interface CopyAsCodeProps {
  act: ActName
  target: ActTarget
  draft: ActDraft
}

/** The same act for a terminal and for a script, as it stands in the form. */
export const CopyAsCode = ({ act, target, draft }: CopyAsCodeProps) => {
  const t = useTranslations('act')
  const command = asCommand(act, target, draft)
  return (
    <details className="rounded-lg border border-border">
      <summary className="cursor-pointer rounded-lg px-3 py-2 text-xs font-medium">{t('code')}</summary>
      <div className="flex flex-col gap-3 px-3 pb-3">
        {command === null ? <p className="text-xs text-muted">{t('codeNoCli')}</p> : <Snippet label={t('codeCli')} text={command} />}
        <Snippet label={t('codeTs')} text={asScript(act, target, draft)} />
      </div>
    </details>
  )
}

const Snippet = ({ label, text }: { label: string; text: string }) => {
  const t = useTranslations('common')
  return (
    <div className="flex flex-col gap-1">
      <div className="flex items-center justify-between">
        <span className="text-xs text-muted">{label}</span>
        <CopyButton text={text} label={`${t('copy')}: ${label}`}>
          {t('copy')}
        </CopyButton>
      </div>
      <textarea
        readOnly
        aria-label={label}
        rows={Math.min(6, text.split('\n').length + 1)}
        value={text}
        className="resize-none rounded-md bg-default p-2 font-mono text-xs break-all"
      />
    </div>
  )
}
