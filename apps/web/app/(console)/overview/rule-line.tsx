'use client'
import { Button } from '@heroui/react/button'
import { ArrowDown, ArrowUp, Trash2 } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { Field } from '../../../src/display/field.tsx'
import type { DraftRule } from '../../../src/entry/address-rules.ts'

interface RuleLineProps {
  rule: DraftRule
  index: number
  last: boolean
  error: string | undefined
  onChange: (change: Partial<DraftRule>) => void
  onMove: (by: -1 | 1) => void
  onRemove: () => void
}

/** One rule: what it does, to whom, and its place among the others. */
export const RuleLine = ({ rule, index, last, error, onChange, onMove, onRemove }: RuleLineProps) => {
  const t = useTranslations('overview')
  const number = index + 1
  return (
    <li aria-label={t('rule', { number })} className="flex flex-wrap items-start gap-2 max-sm:border-b max-sm:border-separator max-sm:pb-3">
      <select
        aria-label={t('ruleMode', { number })}
        className="native-select shrink-0"
        value={rule.mode}
        onChange={(event) => onChange({ mode: event.target.value === 'deny' ? 'deny' : 'allow' })}
      >
        <option value="allow">{t('allow')}</option>
        <option value="deny">{t('deny')}</option>
      </select>
      <div className="min-w-0 flex-1 max-sm:order-last max-sm:basis-full">
        <Field label={t('ruleAddress', { number })} quiet autoFocus={rule.ip === ''} error={error} value={rule.ip} onChange={(ip) => onChange({ ip })} />
      </div>
      <div className="ms-auto flex shrink-0">
        <LineButton label={t('ruleUp', { number })} Icon={ArrowUp} disabled={index === 0} onPress={() => onMove(-1)} />
        <LineButton label={t('ruleDown', { number })} Icon={ArrowDown} disabled={last} onPress={() => onMove(1)} />
        <LineButton label={t('ruleRemove', { number })} Icon={Trash2} disabled={false} onPress={onRemove} />
      </div>
    </li>
  )
}

interface LineButtonProps {
  label: string
  Icon: typeof Trash2
  disabled: boolean
  onPress: () => void
}

/** Not disabled at the ends of the list, which would throw the focus away of whoever moves a rule there. */
const LineButton = ({ label, Icon, disabled, onPress }: LineButtonProps) => (
  <Button
    size="sm"
    variant="ghost"
    className="quiet-button"
    isIconOnly
    aria-label={label}
    aria-disabled={disabled}
    onPress={() => (disabled ? undefined : onPress())}
  >
    <Icon aria-hidden="true" />
  </Button>
)
