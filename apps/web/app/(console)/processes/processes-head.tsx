import type { ReactNode } from 'react'

/** `count`: how many of how many are shown. */
export const ProcessesHead = ({ title, count, children }: { title: string; count: string; children: ReactNode }) => (
  <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 pt-4 pb-3">
    <h1 className="flex min-w-0 flex-wrap items-baseline gap-x-2 text-xl font-semibold tracking-tight">
      {title} <span className="text-base font-normal text-muted">{count}</span>
    </h1>
    {children}
  </div>
)
