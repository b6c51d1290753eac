'use client'
import { Description } from '@heroui/react/description'
import { Input } from '@heroui/react/input'
import { Label } from '@heroui/react/label'
import { TextArea } from '@heroui/react/textarea'
import { TextField } from '@heroui/react/textfield'
import type { ReactNode } from 'react'

interface FieldFrame {
  label: string
  hint?: ReactNode
  /** What is wrong with the value, told under it. */
  error?: string | undefined
  invalid?: boolean
  /** The label is for screen readers only: what the field is stands beside it already. */
  quiet?: boolean
  name?: string
  value?: string
  onChange?: (value: string) => void
}

interface FieldProps extends FieldFrame {
  type?: 'text' | 'password' | 'number'
  autoComplete?: string
  autoFocus?: boolean
  min?: number
  max?: number
}

interface AreaFieldProps extends FieldFrame {
  rows?: number
  code?: boolean
  autoFocus?: boolean
}

const Frame = ({ label, hint, error, invalid, quiet, name, value, onChange, children }: FieldFrame & { children: ReactNode }) => (
  <TextField
    fullWidth
    isInvalid={error !== undefined || invalid === true}
    // Validation is told by `error`; the browser's own bubbles stay away.
    validationBehavior="aria"
    {...(name === undefined ? {} : { name })}
    {...(value === undefined ? {} : { value })}
    {...(onChange === undefined ? {} : { onChange })}
  >
    <Label className={quiet === true ? 'sr-only' : 'text-xs'}>{label}</Label>
    {children}
    {error === undefined ? null : (
      <p role="alert" className="text-xs break-words text-bad">
        {error}
      </p>
    )}
    {hint === undefined ? null : <Description>{hint}</Description>}
  </TextField>
)

export const Field = ({ type = 'text', autoComplete = 'off', autoFocus = false, min, max, ...frame }: FieldProps) => (
  <Frame {...frame}>
    <Input type={type} autoComplete={autoComplete} autoFocus={autoFocus} {...(min === undefined ? {} : { min })} {...(max === undefined ? {} : { max })} />
  </Frame>
)

/** `code`: JSON and the like, in letters of one width, without the corrections meant for prose. */
export const AreaField = ({ rows = 3, code = false, autoFocus = false, ...frame }: AreaFieldProps) => (
  <Frame {...frame}>
    <TextArea rows={rows} autoFocus={autoFocus} spellCheck={!code} className={code ? 'font-mono text-xs' : ''} />
  </Frame>
)
