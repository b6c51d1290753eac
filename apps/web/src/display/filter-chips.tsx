'use client'
import { useFormatter } from 'use-intl'

interface FilterChipsProps<Chip extends string> {
  legend: string
  /** All there are, in their order. */
  all: readonly Chip[]
  chosen: readonly Chip[]
  labelOf: (chip: Chip) => string
  /** How many rows each chip alone would show; unknown until the first answer. */
  counts: Record<Chip, number> | undefined
  onChange: (chips: Chip[]) => void
}

/** Ready-made filters, each with how much it alone would show. */
export const FilterChips = <Chip extends string>({ legend, all, chosen, labelOf, counts, onChange }: FilterChipsProps<Chip>) => {
  const format = useFormatter()
  const toggle = (chip: Chip) => onChange(all.filter((one) => (one === chip ? !chosen.includes(one) : chosen.includes(one))))
  return (
    <fieldset className="flex min-w-0 gap-1.5 max-sm:-mx-4 max-sm:overflow-x-auto max-sm:px-4 max-sm:py-0.5 sm:flex-wrap">
      <legend className="sr-only">{legend}</legend>
      {all.map((chip) => {
        const count = counts?.[chip]
        return (
          <button
            key={chip}
            type="button"
            aria-pressed={chosen.includes(chip)}
            onClick={() => toggle(chip)}
            className={`filter-chip ${count === 0 ? 'text-muted' : ''}`}
          >
            {labelOf(chip)}
            <span className="filter-chip-count">{count === undefined ? '' : format.number(count)}</span>
          </button>
        )
      })}
    </fieldset>
  )
}
