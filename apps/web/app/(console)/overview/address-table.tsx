'use client'
import { Button } from '@heroui/react/button'
import type { EntryRow } from '@tessera/protocol'
import { Check, Pencil, X } from 'lucide-react'
import { useState } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { Notice } from '../../../src/display/notice.tsx'
import { refusesOthers } from '../../../src/entry/address-rules.ts'
import { useMayAct } from '../../../src/shell/operator.tsx'
import { AddressEditor } from './address-editor.tsx'

/** From where clients may connect, rule by rule. */
export const AddressTable = ({ entry: { addresses, warnings } }: { entry: EntryRow }) => {
  const t = useTranslations('overview')
  const mayAct = useMayAct()
  const [editing, setEditing] = useState(false)
  return (
    <section aria-label={t('addresses')} className="flex min-w-0 flex-col gap-3">
      <div className="flex min-h-7 items-center justify-between gap-3">
        <h3 className="font-medium">{t('addresses')}</h3>
        {mayAct && !editing ? (
          <Button size="sm" variant="outline" onPress={() => setEditing(true)}>
            <Pencil aria-hidden="true" />
            {t('editRules')}
          </Button>
        ) : null}
      </div>
      <p className="text-xs text-muted">{t('addressesHint')}</p>
      {editing ? <AddressEditor rules={addresses} onDone={() => setEditing(false)} /> : <Rules addresses={addresses} />}
      {warnings.length === 0 ? null : (
        <Notice tone="caution">
          {warnings.map((warning) => (
            <p key={warning}>{warning}</p>
          ))}
        </Notice>
      )}
    </section>
  )
}

const Rules = ({ addresses }: { addresses: EntryRow['addresses'] }) => {
  const t = useTranslations('overview')
  const format = useFormatter()
  if (addresses.length === 0) return <p className="rounded-lg border border-border px-3 py-2">{t('addressesEmpty')}</p>
  return (
    <ol aria-label={t('rules')} className="flex flex-col divide-y divide-separator rounded-lg border border-border">
      {addresses.map(({ mode, ip }, index) => {
        const Icon = mode === 'allow' ? Check : X
        return (
          <li key={`${format.number(index)} ${mode} ${ip}`} className="grid grid-cols-[1.5rem_7rem_1fr] items-center px-3 py-1.5">
            <span className="text-xs text-muted">{format.number(index + 1)}</span>
            <span className="inline-flex items-center gap-1.5">
              <Icon aria-hidden="true" className={`size-4 ${mode === 'allow' ? 'text-good' : 'text-bad'}`} />
              {t(mode)}
            </span>
            <code className="min-w-0 text-xs break-all">{ip}</code>
          </li>
        )
      })}
      {refusesOthers(addresses) ? <li className="px-3 py-1.5 text-xs text-muted">{t('othersRefused')}</li> : null}
    </ol>
  )
}
