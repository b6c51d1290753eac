'use client'
import { useMutation } from '@tanstack/react-query'
import type { SessionDetail } from '@tessera/protocol'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useTRPC } from '../../api/trpc.ts'
import { BusyButton } from '../../display/busy-button.tsx'
import { FailureNotice } from '../../display/failure-notice.tsx'
import { Field } from '../../display/field.tsx'
import { Notice } from '../../display/notice.tsx'
import { ProblemList } from '../../display/problem-list.tsx'
import { Ago } from '../../display/times.tsx'
import { useMayAct } from '../../shell/operator.tsx'
import { useServer } from '../../shell/server-provider.tsx'
import { ExplainPrivileges } from './explain-privileges.tsx'

/** What the session may do on the web, and what it was given. Adding and clearing work at once. */
export const PrivilegesTab = ({ session }: { session: SessionDetail }) => {
  const t = useTranslations('privileges')
  const mayAct = useMayAct()
  const given = new Set(session.privilegesSet)
  return (
    <div className="flex flex-col gap-5">
      <RolesNotice />
      <Names title={t('set')} hint={t('setHint')} none={t('noneSet')} names={session.privilegesSet}>
        {(name) => name}
      </Names>
      {mayAct ? <GivePrivileges session={session} /> : null}
      <Names title={t('held')} hint={t('heldHint')} none={t('noneHeld')} names={session.privileges}>
        {(name) => (
          <>
            {name}
            {given.has(name) ? null : <span className="text-2xs text-muted">{t('included')}</span>}
          </>
        )}
      </Names>
      <ExplainPrivileges session={session.id} />
    </div>
  )
}

/** The roles in force are not those that were saved last. */
const RolesNotice = () => {
  const t = useTranslations('privileges')
  const problem = useServer()?.rolesProblem ?? null
  if (problem === null) return null
  return (
    <Notice tone="bad">
      <p className="font-medium">{t.rich('rolesProblem', { who: problem.by, when: () => <Ago at={problem.at} /> })}</p>
      <ProblemList problems={problem.problems} />
    </Notice>
  )
}

interface NamesProps {
  title: string
  hint: string
  none: string
  names: readonly string[]
  children: (name: string) => ReactNode
}

const Names = ({ title, hint, none, names, children }: NamesProps) => (
  <section className="flex flex-col gap-2">
    <div>
      <h3 className="text-xs font-medium">{title}</h3>
      <p className="text-xs text-muted">{hint}</p>
    </div>
    {names.length === 0 ? (
      <p className="text-muted">{none}</p>
    ) : (
      <ul className="flex flex-wrap gap-1.5">
        {names.map((name) => (
          <li key={name} className="inline-flex items-baseline gap-1.5 rounded-md border border-border px-2 py-0.5">
            {children(name)}
          </li>
        ))}
      </ul>
    )}
  </section>
)

const splitNames = (text: string): string[] => [...new Set(text.split(/[\s,;]+/).filter((name) => name !== ''))]

const GivePrivileges = ({ session }: { session: SessionDetail }) => {
  const t = useTranslations('privileges')
  const trpc = useTRPC()
  const [text, setText] = useState('')
  const set = useMutation(trpc.privileges.set.mutationOptions({ onSuccess: () => setText('') }))
  const clear = useMutation(trpc.privileges.clear.mutationOptions())
  const names = splitNames(text)
  // Names that roles.json does not declare are ignored by the server, and said so here.
  const ignored = set.data === undefined || set.variables === undefined ? [] : set.variables.names.filter((name) => !set.data.privileges.includes(name))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (names.length > 0) set.mutate({ session: session.id, names })
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <div className="flex items-end gap-2">
        <Field label={t('add')} value={text} onChange={setText} autoComplete="off" />
        <BusyButton type="submit" variant="outline" busy={set.isPending} isDisabled={names.length === 0}>
          {t('addButton')}
        </BusyButton>
        <BusyButton
          variant="danger-soft"
          busy={clear.isPending}
          isDisabled={session.privilegesSet.length === 0}
          onPress={() => clear.mutate({ session: session.id })}
        >
          {t('clear')}
        </BusyButton>
      </div>
      {ignored.length > 0 ? (
        <Notice tone="caution" role="status">
          {t('ignored', { names: ignored.join(', ') })}
        </Notice>
      ) : null}
      {set.error === null ? null : <FailureNotice error={set.error} />}
      {clear.error === null ? null : <FailureNotice error={clear.error} />}
    </form>
  )
}
