'use client'
import type { ServerRow, SessionQuery } from '@tessera/protocol'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { sessionsHref } from '../../../src/address/session-url.ts'
import { StateMark } from '../../../src/display/session-marks.tsx'
import { Card } from './card.tsx'

const kinds = ['remote', 'web', 'storedProcedures', 'standalone'] as const
const states = ['active', 'postponed', 'sleeping', 'unreachable', 'draining'] as const

const totalOf = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((sum, count) => sum + count, 0)

export const SessionsByKind = ({ server }: { server: ServerRow }) => {
  const t = useTranslations()
  const total = totalOf(server.sessions)
  return (
    <Card title={t('overview.byKind')} act={<Total total={total} />}>
      <ul className="flex flex-col gap-0.5">
        {kinds.map((kind) => (
          <Bar key={kind} count={server.sessions[kind]} total={total} ink="bg-accent" query={{ text: '', chips: [kind] }}>
            {t(`kind.${kind}`)}
          </Bar>
        ))}
      </ul>
      {server.outdated === 0 ? null : (
        <p className="text-xs">
          <Link href={sessionsHref({ text: '', chips: ['outdated'] })} className="text-accent underline underline-offset-2">
            {t('overview.outdated', { count: server.outdated })}
          </Link>
        </p>
      )}
    </Card>
  )
}

const inks: Record<(typeof states)[number], string> = {
  active: 'bg-good',
  postponed: 'bg-muted',
  sleeping: 'bg-info',
  unreachable: 'bg-caution',
  draining: 'bg-info',
}

export const SessionsByState = ({ server }: { server: ServerRow }) => {
  const t = useTranslations('overview')
  const total = totalOf(server.states)
  return (
    <Card title={t('byState')} act={<Total total={total} />}>
      <ul className="flex flex-col gap-0.5">
        {states.map((state) => (
          <Bar key={state} count={server.states[state]} total={total} ink={inks[state]} query={{ text: `state:${state}`, chips: [] }}>
            <StateMark state={state} />
          </Bar>
        ))}
      </ul>
    </Card>
  )
}

const Total = ({ total }: { total: number }) => {
  const t = useTranslations('overview')
  return (
    <Link href="/sessions/" className="text-xs text-muted underline-offset-2 hover:underline">
      {t('allOf', { count: total })}
    </Link>
  )
}

interface BarProps {
  count: number
  total: number
  ink: string
  /** What the sessions page shows when the bar is pressed. */
  query: SessionQuery
  children: ReactNode
}

const Bar = ({ count, total, ink, query, children }: BarProps) => {
  const format = useFormatter()
  return (
    <li>
      <Link
        href={sessionsHref(query)}
        className={`-mx-2 grid grid-cols-[8.5rem_1fr_3rem] items-center gap-3 rounded-md px-2 py-1 hover:bg-row ${count === 0 ? 'text-muted' : ''}`}
      >
        <span className="min-w-0 truncate">{children}</span>
        <span aria-hidden="true" className="h-1.5 overflow-hidden rounded-full bg-default">
          <span className={`block h-full rounded-full ${ink}`} style={{ width: `${total === 0 ? 0 : Math.max((count / total) * 100, count > 0 ? 2 : 0)}%` }} />
        </span>
        <span className="text-end">{format.number(count)}</span>
      </Link>
    </li>
  )
}
