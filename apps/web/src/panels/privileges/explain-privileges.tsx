'use client'
import { useMutation } from '@tanstack/react-query'
import type { ExplanationRow } from '@tessera/protocol'
import { CircleCheck, CircleX } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslations } from 'use-intl'
import { type ExplainQuestion, useServerActs } from '../../api/server-acts.ts'
import { BusyButton } from '../../display/busy-button.tsx'
import { FailureNotice } from '../../display/failure-notice.tsx'
import { Field } from '../../display/field.tsx'
import { actions, resourceTypes } from './permission-names.ts'

/** Asks the roles why a session may, or may not, do something. */
export const ExplainPrivileges = ({ session }: { session: string }) => {
  const t = useTranslations('privileges')
  const acts = useServerActs()
  const [question, setQuestion] = useState<Omit<ExplainQuestion, 'session'>>({ action: 'execute', type: 'method', resource: '' })
  const [tried, setTried] = useState(false)
  const ask = useMutation({ mutationFn: acts.explain })
  const resource = question.resource.trim()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (resource !== '' && !ask.isPending) ask.mutate({ ...question, resource, session })
  }
  return (
    <section className="flex flex-col gap-3 border-t border-separator pt-4">
      <div>
        <h3 className="text-xs font-medium">{t('explain')}</h3>
        <p className="text-xs text-muted">{t('explainHint')}</p>
      </div>
      <form noValidate onSubmit={submit} className="flex flex-col gap-3">
        <div className="grid grid-cols-2 gap-3">
          <Names label={t('action')} names={actions} value={question.action} onChange={(action) => setQuestion({ ...question, action })} />
          <Names label={t('resourceType')} names={resourceTypes} value={question.type} onChange={(type) => setQuestion({ ...question, type })} />
        </div>
        <div className="flex flex-col items-end gap-3">
          <Field
            label={t('resource')}
            hint={t('resourceHint')}
            error={tried && resource === '' ? t('resourceNeeded') : undefined}
            value={question.resource}
            onChange={(text) => setQuestion({ ...question, resource: text })}
          />
          <BusyButton type="submit" variant="outline" busy={ask.isPending}>
            {ask.isPending ? t('asking') : t('ask')}
          </BusyButton>
        </div>
      </form>
      {ask.error === null ? null : <FailureNotice error={ask.error} />}
      {ask.data === undefined || ask.variables === undefined ? null : <Answer question={ask.variables} explanation={ask.data} />}
    </section>
  )
}

const Names = ({ label, names, value, onChange }: { label: string; names: readonly string[]; value: string; onChange: (name: string) => void }) => (
  <label className="flex min-w-0 flex-col gap-1 text-xs">
    {label}
    <select className="native-select w-full" value={value} onChange={(event) => onChange(event.target.value)}>
      {names.map((name) => (
        <option key={name}>{name}</option>
      ))}
    </select>
  </label>
)

const Answer = ({ question: { action, resource }, explanation }: { question: ExplainQuestion; explanation: ExplanationRow }) => {
  const t = useTranslations('privileges')
  const { web, desktop, sentences } = explanation
  return (
    <div role="status" className="flex flex-col gap-3 rounded-lg border border-border p-3">
      <p className="font-medium break-words">{t('answer', { action, resource })}</p>
      <Side where={t('onWeb')} allowed={web.allowed} />
      {desktop === null ? null : <Side where={t('onDesktop')} allowed={desktop.allowed} />}
      <div className="flex flex-col gap-1 border-t border-separator pt-3">
        {sentences.map((sentence) => (
          <p key={sentence} className="text-xs break-words text-muted">
            {sentence}
          </p>
        ))}
      </div>
    </div>
  )
}

const Side = ({ where, allowed }: { where: string; allowed: boolean }) => {
  const t = useTranslations('privileges')
  const Icon = allowed ? CircleCheck : CircleX
  return (
    <div className="flex gap-2">
      <Icon aria-hidden="true" className={`mt-0.5 size-4 shrink-0 ${allowed ? 'text-good' : 'text-bad'}`} />
      <p className="min-w-0">
        {where}: <strong className="font-medium">{t(allowed ? 'allowed' : 'refused')}</strong>
      </p>
    </div>
  )
}
