'use client'
import { Button } from '@heroui/react/button'
import type { ServerRow } from '@tessera/protocol'
import { DoorClosed, DoorOpen } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useMayAct } from '../../../src/shell/operator.tsx'
import { AddressTable } from './address-table.tsx'
import { Card } from './card.tsx'

const EntryDialog = dynamic(() => import('./entry-dialog.tsx').then((module) => module.EntryDialog), { ssr: false })

/** Whether newcomers are let in, and from where. */
export const EntryCard = ({ server }: { server: ServerRow }) => {
  const t = useTranslations('overview')
  const { entry } = server
  return (
    <Card title={t('entry')}>
      <div className="grid gap-x-8 gap-y-6 lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
        <Door server={server} />
        <AddressTable entry={entry} />
      </div>
    </Card>
  )
}

const Door = ({ server: { entry, sessions } }: { server: ServerRow }) => {
  const t = useTranslations()
  const mayAct = useMayAct()
  const [asking, setAsking] = useState(false)
  const Icon = entry.accepting ? DoorOpen : DoorClosed
  return (
    <div className="flex flex-col items-start gap-3">
      <div className="flex gap-3">
        <Icon aria-hidden="true" className={`mt-0.5 size-5 shrink-0 ${entry.accepting ? 'text-good' : 'text-caution'}`} />
        <div className="min-w-0">
          <p className="font-medium">{t(entry.accepting ? 'overview.accepting' : 'overview.refusing')}</p>
          {entry.accepting || entry.message === '' ? null : <p className="break-words text-muted">{t('overview.told', { message: entry.message })}</p>}
        </div>
      </div>
      <Button variant={entry.accepting ? 'outline' : 'primary'} isDisabled={!mayAct} onPress={() => setAsking(true)}>
        {t(entry.accepting ? 'overview.reject' : 'overview.accept')}
      </Button>
      {mayAct ? null : <p className="text-xs text-muted">{t('common.needsOperator')}</p>}
      {asking ? (
        <EntryDialog accepting={entry.accepting} connected={sessions.remote + sessions.web} message={entry.message} onClose={() => setAsking(false)} />
      ) : null}
    </div>
  )
}
