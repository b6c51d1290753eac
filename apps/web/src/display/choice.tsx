'use client'
import { Label } from '@heroui/react/label'
import { ListBox } from '@heroui/react/list-box'
import { Select } from '@heroui/react/select'

interface ChoiceProps {
  label: string
  placeholder: string
  error?: string | undefined
  options: readonly string[]
  value: string
  onChange: (value: string) => void
}

/** One of a list of names. */
export const Choice = ({ label, placeholder, error, options, value, onChange }: ChoiceProps) => (
  <Select
    fullWidth
    placeholder={placeholder}
    isInvalid={error !== undefined}
    value={value === '' ? null : value}
    onChange={(key) => onChange(String(key ?? ''))}
  >
    <Label className="text-xs">{label}</Label>
    <Select.Trigger>
      <Select.Value />
      <Select.Indicator />
    </Select.Trigger>
    {error === undefined ? null : (
      <p role="alert" className="text-xs text-bad">
        {error}
      </p>
    )}
    <Select.Popover>
      <ListBox>
        {options.map((option) => (
          <ListBox.Item key={option} id={option} textValue={option}>
            {option}
            <ListBox.ItemIndicator />
          </ListBox.Item>
        ))}
      </ListBox>
    </Select.Popover>
  </Select>
)
