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
  return (
    <details className="rounded-lg border border-border">
      <summary className="cursor-pointer rounded-lg px-3 py-2 text-xs font-medium">{t('code')}</summary>
      <div className="flex flex-col gap-3 px-3 pb-3">
        <Snippet label={t('codeCli')} text={asCommand(act, target, draft)} />
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
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre tabIndex={0} aria-label={label} className="max-h-32 overflow-auto rounded-md bg-default p-2 text-xs whitespace-pre-wrap break-all">
        {text}
      </pre>
    </div>
  )
}
