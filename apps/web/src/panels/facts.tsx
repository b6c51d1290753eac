import type { ReactNode } from 'react'

/** A headed part of a panel. */
export const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="flex flex-col gap-2">
    <h3 className="text-xs font-medium text-muted">{title}</h3>
    {children}
  </section>
)

/** Facts in two columns: what, and how it is. */
export const Facts = ({ title, children }: { title: string; children: ReactNode }) => (
  <Part title={title}>
    <dl className="grid grid-cols-[8rem_1fr] gap-x-4 gap-y-1.5">{children}</dl>
  </Part>
)

export const Fact = ({ label, children }: { label: string; children: ReactNode }) => (
  <div className="col-span-2 grid grid-cols-subgrid">
    <dt className="text-muted">{label}</dt>
    <dd className="min-w-0 break-words">{children}</dd>
  </div>
)
