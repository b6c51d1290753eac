'use client'
import { type UseMutationResult, useMutation } from '@tanstack/react-query'
import type { RejectedBuild } from '@tessera/protocol'
import { Hammer } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { parseFailure } from '../../../src/api/failure.ts'
import { useTRPC } from '../../../src/api/trpc.ts'
import { BusyButton } from '../../../src/display/busy-button.tsx'
import { FailureNotice } from '../../../src/display/failure-notice.tsx'
import { Notice } from '../../../src/display/notice.tsx'
import { ProblemList } from '../../../src/display/problem-list.tsx'
import { useMayAct } from '../../../src/shell/operator.tsx'
import { RejectedBuildNotice } from './rejected-build-notice.tsx'

interface Reloaded {
  changed: boolean
  version: { id: string }
}

type Reload = Pick<UseMutationResult<Reloaded, unknown, void>, 'data' | 'error' | 'isPending' | 'mutate'>

export const useReloadProject = () => {
  const trpc = useTRPC()
  return useMutation(trpc.versions.reload.mutationOptions())
}

export const ReloadButton = ({ reload }: { reload: Reload }) => {
  const t = useTranslations()
  const mayAct = useMayAct()
  return (
    <div className="flex flex-col items-end gap-1">
      <BusyButton variant="primary" isDisabled={!mayAct} busy={reload.isPending} onPress={() => reload.mutate()}>
        <Hammer aria-hidden="true" />
        {reload.isPending ? t('versions.reloading') : t('versions.reload')}
      </BusyButton>
      {mayAct ? null : <p className="text-xs text-muted">{t('common.needsOperator')}</p>}
    </div>
  )
}

/** What became of the build: of the one just asked for or, before anybody asks, of the last one if it was rejected. */
export const ReloadOutcome = ({ reload, rejected }: { reload: Reload; rejected: RejectedBuild | null }) => {
  const t = useTranslations('versions')
  if (reload.error !== null) return <ReloadFailure error={reload.error} />
  if (reload.data !== undefined) {
    return (
      <Notice tone={reload.data.changed ? 'good' : 'info'} role="status">
        {t(reload.data.changed ? 'changed' : 'unchanged', { version: reload.data.version.id })}
      </Notice>
    )
  }
  return rejected === null ? null : <RejectedBuildNotice build={rejected} />
}

const ReloadFailure = ({ error }: { error: unknown }) => {
  const t = useTranslations('versions')
  const failure = parseFailure(error)
  if (failure.problems.length === 0) return <FailureNotice error={error} />
  return (
    <Notice tone="bad" role="alert">
      <p className="font-medium">{t('rejected')}</p>
      <p className="text-xs">{t('problems', { count: failure.problems.length })}</p>
      <ProblemList problems={failure.problems} />
    </Notice>
  )
}
