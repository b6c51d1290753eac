'use client'
import { Button } from '@heroui/react/button'
import { useMutation } from '@tanstack/react-query'
import type { ProcessRow } from '@tessera/protocol'
import { CircleStop, Pause, Play } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useTRPC } from '../../api/trpc.ts'
import { FailureNotice } from '../../display/failure-notice.tsx'
import { useMayAct } from '../../shell/operator.tsx'

const AbortDialog = dynamic(() => import('./abort-dialog.tsx').then((module) => module.AbortDialog), { ssr: false })

/** What an operator may do with a process: hold up its next call, let calls go on, end the running one. */
export const ProcessActs = ({ row }: { row: ProcessRow }) => {
  const t = useTranslations()
  const trpc = useTRPC()
  const mayAct = useMayAct()
  const [aborting, setAborting] = useState(false)
  const pause = useMutation(trpc.processes.pause.mutationOptions())
  const activate = useMutation(trpc.processes.activate.mutationOptions())
  if (!mayAct) return <p className="text-xs text-muted">{t('common.needsOperator')}</p>
  const pauses = row.kind === 'twin' || row.kind === 'web'
  const failed = pause.error ?? activate.error
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap gap-2">
        {!pauses ? null : row.state === 'paused' ? (
          <Button size="sm" variant="outline" isDisabled={activate.isPending} onPress={() => activate.mutate({ processId: row.id })}>
            <Play aria-hidden="true" />
            {t('processes.activate')}
          </Button>
        ) : (
          <Button size="sm" variant="outline" isDisabled={pause.isPending} onPress={() => pause.mutate({ processId: row.id })}>
            <Pause aria-hidden="true" />
            {t('processes.pause')}
          </Button>
        )}
        <Button size="sm" variant="danger-soft" isDisabled={row.method === null} onPress={() => setAborting(true)}>
          <CircleStop aria-hidden="true" />
          {t('processes.abort')}
        </Button>
      </div>
      {failed === null ? null : <FailureNotice error={failed} />}
      {aborting ? <AbortDialog row={row} onClose={() => setAborting(false)} /> : null}
    </div>
  )
}
