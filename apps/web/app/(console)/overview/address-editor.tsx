'use client'
import { Button } from '@heroui/react/button'
import { useMutation } from '@tanstack/react-query'
import type { AddressRule } from '@tessera/protocol'
import { Plus } from 'lucide-react'
import { type FormEvent, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useServerActs } from '../../../src/api/server-acts.ts'
import { BusyButton } from '../../../src/display/busy-button.tsx'
import { FailureNotice } from '../../../src/display/failure-notice.tsx'
import { Notice } from '../../../src/display/notice.tsx'
import { addRule, type DraftRule, draftOf, isAddressPattern, moveRule, refusesOthers, rulesOf, sameRules } from '../../../src/entry/address-rules.ts'
import { RuleLine } from './rule-line.tsx'

interface AddressEditorProps {
  /** As the server has them now. */
  rules: readonly AddressRule[]
  onDone: () => void
}

/** Edits the whole table at once: rules in their order mean something only together. */
export const AddressEditor = ({ rules, onDone }: AddressEditorProps) => {
  const t = useTranslations()
  const acts = useServerActs()
  const save = useMutation({ mutationFn: acts.setAddresses, onSuccess: onDone })
  const [base, setBase] = useState(rules)
  const [draft, setDraft] = useState(() => (rules.length === 0 ? addRule([]) : draftOf(rules)))
  const [tried, setTried] = useState(false)
  const list = useRef<HTMLOListElement>(null)
  const complete = draft.every(({ ip }) => isAddressPattern(ip))

  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (complete && !save.isPending) save.mutate({ rules: rulesOf(draft) })
  }
  const put = (index: number, change: Partial<DraftRule>) => setDraft(draft.map((rule, at) => (at === index ? { ...rule, ...change } : rule)))
  const remove = (index: number) => {
    setDraft(draft.filter((_rule, at) => at !== index))
    // The button that has the focus is about to leave.
    list.current?.parentElement?.querySelector<HTMLButtonElement>('[data-add-rule]')?.focus()
  }
  const takeTheirs = () => {
    setBase(rules)
    setDraft(draftOf(rules))
  }

  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-3">
      {sameRules(base, rules) ? null : (
        <Notice tone="caution" role="status">
          <p>{t('overview.rulesChanged')}</p>
          <Button size="sm" variant="outline" onPress={takeTheirs}>
            {t('overview.takeTheirs')}
          </Button>
        </Notice>
      )}
      <ol ref={list} aria-label={t('overview.rules')} className="flex flex-col gap-2">
        {draft.map((rule, index) => (
          <RuleLine
            key={rule.key}
            rule={rule}
            index={index}
            last={index === draft.length - 1}
            error={tried && !isAddressPattern(rule.ip) ? t('overview.ruleBad') : undefined}
            onChange={(change) => put(index, change)}
            onMove={(by) => setDraft(moveRule(draft, index, by))}
            onRemove={() => remove(index)}
          />
        ))}
      </ol>
      <p className="text-xs text-muted">{t('overview.ruleHint')}</p>
      <p className="text-xs">{draft.length === 0 ? t('overview.addressesEmpty') : refusesOthers(rulesOf(draft)) ? t('overview.othersRefused') : null}</p>
      {save.error === null ? null : <FailureNotice error={save.error} />}
      <div className="flex flex-wrap justify-between gap-2">
        <Button size="sm" variant="outline" data-add-rule="" onPress={() => setDraft(addRule(draft))}>
          <Plus aria-hidden="true" />
          {t('overview.addRule')}
        </Button>
        <div className="flex gap-2">
          <Button size="sm" variant="outline" onPress={onDone}>
            {t('common.cancel')}
          </Button>
          <BusyButton size="sm" variant="primary" type="submit" busy={save.isPending}>
            {save.isPending ? t('common.saving') : t('common.save')}
          </BusyButton>
        </div>
      </div>
    </form>
  )
}
