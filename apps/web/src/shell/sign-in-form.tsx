'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { type FormEvent, useState } from 'react'
import { useTranslations } from 'use-intl'
import { type Failure, parseFailure } from '../api/failure.ts'
import { useTRPC } from '../api/trpc.ts'
import { BusyButton } from '../display/busy-button.tsx'
import { FailureNotice } from '../display/failure-notice.tsx'
import { Field } from '../display/field.tsx'
import { Notice } from '../display/notice.tsx'
import { safeNext } from './sign-in-path.ts'
import { useWait } from './use-wait.ts'

export const SignInForm = ({ next }: { next: string | null }) => {
  const t = useTranslations('signIn')
  const router = useRouter()
  const trpc = useTRPC()
  const cache = useQueryClient()
  const [missing, setMissing] = useState(false)
  const signIn = useMutation(
    trpc.auth.signIn.mutationOptions({
      onSuccess: (operator) => {
        cache.setQueryData(trpc.auth.me.queryKey(), operator)
        router.replace(safeNext(next))
      },
    }),
  )
  const failure = signIn.error === null ? null : parseFailure(signIn.error)
  const wait = useWait(failure?.retryAfterMs ?? null, signIn.failureCount + signIn.submittedAt)

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const user = String(form.get('user') ?? '').trim()
    const password = String(form.get('password') ?? '')
    setMissing(user === '' || password === '')
    if (user !== '' && password !== '') signIn.mutate({ user, password })
  }

  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <Field label={t('user')} name="user" autoComplete="username" autoFocus invalid={missing} />
      <Field label={t('password')} name="password" type="password" autoComplete="current-password" invalid={missing} />
      {missing ? (
        <Notice tone="bad" role="alert">
          {t('required')}
        </Notice>
      ) : (
        <Refusal failure={failure} error={signIn.error} wait={wait} />
      )}
      <BusyButton type="submit" variant="primary" fullWidth busy={signIn.isPending} isDisabled={wait !== null}>
        {signIn.isPending ? t('working') : t('submit')}
      </BusyButton>
    </form>
  )
}

const Refusal = ({ failure, error, wait }: { failure: Failure | null; error: unknown; wait: string | null }) => {
  const t = useTranslations('signIn')
  if (failure === null) return null
  if (failure.code === 'TOO_MANY_ATTEMPTS') {
    // The countdown is read once, not at every second.
    return (
      <Notice tone="caution" role={wait === null ? 'status' : 'alert'}>
        {wait === null ? t('waitOver') : t('wait', { wait })}
      </Notice>
    )
  }
  if (failure.code === 'BAD_CREDENTIALS') {
    return (
      <Notice tone="bad" role="alert">
        {t('bad')}
      </Notice>
    )
  }
  return <FailureNotice error={error} />
}
