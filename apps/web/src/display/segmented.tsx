'use client'
import { type ReactNode, useId } from 'react'

export interface SegmentedOption<Value extends string> {
  value: Value
  label: string
  icon: ReactNode
  lang?: string
}

interface SegmentedProps<Value extends string> {
  label: string
  options: readonly SegmentedOption<Value>[]
  value: Value
  iconsOnly?: boolean
  onChange: (value: Value) => void
}

/** A few choices side by side: radio buttons in the shape of one control. */
export const Segmented = <Value extends string>({ label, options, value, iconsOnly = false, onChange }: SegmentedProps<Value>) => {
  const name = useId()
  return (
    <fieldset className="inline-flex rounded-md bg-default p-0.5">
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <label
          key={option.value}
          title={option.label}
          className="segment flex h-6 min-w-7 cursor-pointer items-center justify-center gap-1.5 rounded-sm px-1.5"
        >
          <input type="radio" className="sr-only" name={name} value={option.value} checked={option.value === value} onChange={() => onChange(option.value)} />
          {option.icon}
          <span lang={option.lang} className={iconsOnly ? 'sr-only' : 'text-xs'}>
            {option.label}
          </span>
        </label>
      ))}
    </fieldset>
  )
}
