'use client'
import { useFormatter } from 'use-intl'

const manyShare = 0.85

/** A share of a whole, as a short bar and in figures; nothing where it is not measured, or is nothing. */
export const Meter = ({ share, label }: { share: number | null; label: string }) => {
  const format = useFormatter()
  if (share === null || share < 0.005) return null
  const text = format.number(share, { style: 'percent', maximumFractionDigits: 0 })
  return (
    <span className="inline-flex items-center gap-1.5" title={`${label}: ${text}`}>
      <span aria-hidden="true" className="h-1.5 w-10 overflow-hidden rounded-full bg-default">
        <span className={`block h-full rounded-full ${share >= manyShare ? 'bg-caution' : 'bg-accent'}`} style={{ width: `${Math.min(1, share) * 100}%` }} />
      </span>
      <span className="w-9 text-end tabular-nums">{text}</span>
    </span>
  )
}
