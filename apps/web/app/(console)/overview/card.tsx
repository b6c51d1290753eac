import type { ReactNode } from 'react'

/** A headed part of the overview. `act`: what can be done about it, at the end of its head. */
export const Card = ({ title, act, children }: { title: string; act?: ReactNode; children: ReactNode }) => (
  <section aria-label={title} className="flex min-w-0 flex-col gap-4 rounded-xl border border-border p-4">
    <div className="flex min-h-7 items-center justify-between gap-3">
      <h2 className="text-sm font-semibold">{title}</h2>
      {act}
    </div>
    {children}
  </section>
)
