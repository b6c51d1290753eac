'use client'
import { Button } from '@heroui/react/button'
import type { LicencesRow } from '@tessera/protocol'
import { Pencil } from 'lucide-react'
import { useState } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { useMayAct } from '../../../src/shell/operator.tsx'
import { Card } from './card.tsx'
import { MaximumForm } from './maximum-form.tsx'

const scarceFrom = 0.9

/** How many licences are taken, of how many, by whom. */
export const LicencesCard = ({ licences }: { licences: LicencesRow }) => {
  const t = useTranslations('overview')
  const mayAct = useMayAct()
  const [editing, setEditing] = useState(false)
  const edit =
    mayAct && !editing ? (
      <Button size="sm" variant="ghost" className="quiet-button" isIconOnly aria-label={t('editMaximum')} onPress={() => setEditing(true)}>
        <Pencil aria-hidden="true" />
      </Button>
    ) : null
  return (
    <Card title={t('licences')} act={edit}>
      <Use licences={licences} />
      {editing ? <MaximumForm licences={licences} onDone={() => setEditing(false)} /> : null}
    </Card>
  )
}

const Use = ({ licences: { maximum, used, remote, web } }: { licences: LicencesRow }) => {
  const t = useTranslations()
  const format = useFormatter()
  const whole = Math.max(1, maximum ?? used, used)
  const scarce = maximum !== null && used >= maximum * scarceFrom
  return (
    <div className="flex flex-col gap-2">
      <p className="flex items-baseline gap-2">
        <span className={`text-3xl font-semibold tracking-tight ${scarce ? 'text-caution' : ''}`}>{format.number(used)}</span>
        <span className="text-muted">{maximum === null ? t('overview.usedNoLimit') : t('overview.usedOf', { maximum })}</span>
      </p>
      {/* biome-ignore lint/a11y/useSemanticElements: no two browsers let a meter element be drawn alike */}
      <div
        role="meter"
        aria-label={t('overview.licencesBar')}
        aria-valuemin={0}
        aria-valuemax={whole}
        aria-valuenow={used}
        className="flex h-3 gap-0.5 overflow-hidden rounded-sm bg-default"
      >
        <span className={`h-full ${scarce ? 'bg-caution' : 'bg-accent'}`} style={{ width: `${(remote / whole) * 100}%` }} />
        {web === 0 ? null : <span className="h-full bg-gold" style={{ width: `${(web / whole) * 100}%` }} />}
      </div>
      <p className="flex flex-wrap gap-x-4 gap-y-1 text-xs">
        <Key ink={scarce ? 'bg-caution' : 'bg-accent'} text={`${t('kind.remote')} ${format.number(remote)}`} />
        <Key ink="bg-gold" text={`${t('kind.web')} ${format.number(web)}`} />
        {maximum === null ? null : <Key ink="bg-default" text={t('overview.free', { count: Math.max(0, maximum - used) })} />}
      </p>
    </div>
  )
}

const Key = ({ ink, text }: { ink: string; text: string }) => (
  <span className="inline-flex items-center gap-1.5">
    <span aria-hidden="true" className={`size-2 rounded-xs ${ink}`} />
    {text}
  </span>
)
