'use client'
import { useTranslations } from 'use-intl'
import { type Failure, parseFailure } from '../api/failure.ts'
import { Notice } from './notice.tsx'
import { ProblemList } from './problem-list.tsx'

const translated = ['SIGN_IN_REQUIRED', 'NOT_ALLOWED', 'SERVER_UNREACHABLE', 'TOO_MANY_ATTEMPTS'] as const

/** The sentence for a failure: ours where the console knows the case, the server's own otherwise. */
export const useFailureText = (): ((failure: Failure) => string) => {
  const t = useTranslations('failure')
  return (failure) => {
    const known = translated.find((code) => code === failure.code)
    return known === undefined ? failure.message : t(known)
  }
}

export const FailureNotice = ({ error }: { error: unknown }) => {
  const t = useTranslations('failure')
  const text = useFailureText()
  const failure = parseFailure(error)
  return (
    <Notice tone="bad" role="alert">
      <p>{text(failure)}</p>
      <p className="text-xs text-muted">{t('code', { code: failure.code })}</p>
      {failure.problems.length > 0 ? <ProblemList problems={failure.problems} /> : null}
    </Notice>
  )
}
