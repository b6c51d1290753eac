import type { ReactNode } from 'react'
import { BrandMark } from './brand.tsx'

/** What stands where there is nothing: why, and what to do about it. */
export const Empty = ({ title, children }: { title: string; children?: ReactNode }) => (
  <div className="mx-auto flex max-w-md flex-col items-center gap-2 px-4 py-12 text-center">
    <span className="opacity-40 grayscale">
      <BrandMark size={28} />
    </span>
    <h2 className="text-base font-semibold">{title}</h2>
    <div className="flex flex-col items-center gap-3 text-muted">{children}</div>
  </div>
)
