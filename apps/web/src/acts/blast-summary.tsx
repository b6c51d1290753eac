'use client'
import type { UseQueryResult } from '@tanstack/react-query'
import type { SessionQuery } from '@tessera/protocol'
import { useFormatter, useTranslations } from 'use-intl'
import { FailureNotice } from '../display/failure-notice.tsx'
import { Notice } from '../display/notice.tsx'
import { VersionMark } from '../display/session-marks.tsx'
import { SkeletonLines } from '../display/skeleton.tsx'
import { type ActName, type ActTarget, isDestructive } from './acts.ts'
import type { BlastRadius } from './blast-radius.ts'
import type { Preview } from './use-act.ts'

const namedUsers = 6
const namedVersions = 8

/** Whom the act touches, before anything happens. */
export const BlastSummary = ({ act, preview, target }: { act: ActName; preview: UseQueryResult<Preview>; target: ActTarget }) => {
  const t = useTranslations('act')
  return (
    <section aria-label={t('effect')} className="flex flex-col gap-3 rounded-lg border border-border p-4">
      <h3 className="text-xs font-medium text-muted">{t('effect')}</h3>
      {target.kind === 'matching' ? <QueryLine query={target.query} /> : null}
      {preview.error === null ? null : <FailureNotice error={preview.error} />}
      {preview.data !== undefined ? (
        <Blast blast={preview.data.blast} act={act} />
      ) : preview.error === null ? (
        <SkeletonLines lines={3} label={t('measuring')} />
      ) : null}
      {target.kind === 'matching' ? <p className="text-xs text-muted">{t('changing')}</p> : null}
    </section>
  )
}

const QueryLine = ({ query }: { query: SessionQuery }) => {
  const t = useTranslations()
  const said = [query.text, ...query.chips.map((chip) => t(`chip.${chip}`))].filter((part) => part !== '')
  return (
    <p className="flex flex-wrap items-center gap-1.5">
      {t('act.query')}
      {said.length === 0 ? (
        <strong>{t('act.everything')}</strong>
      ) : (
        said.map((part) => (
          <code key={part} className="rounded-sm bg-default px-1.5 text-xs">
            {part}
          </code>
        ))
      )}
    </p>
  )
}

const Blast = ({ blast, act }: { blast: BlastRadius; act: ActName }) => {
  const t = useTranslations('act')
  if (blast.sessions === 0 && blast.refused.length === 0) return <p>{t('nobody')}</p>
  return (
    <>
      <dl className="grid grid-cols-2 gap-x-4 gap-y-2 sm:grid-cols-4">
        <Figure count={blast.sessions} label={t('sessions', { count: blast.sessions })} />
        <Figure count={blast.users.length} label={t('users', { count: blast.users.length })} />
        <Figure count={blast.processes} label={t('processes', { count: blast.processes })} />
        {isDestructive(act) ? <Figure count={blast.licences} label={t('licences', { count: blast.licences })} /> : null}
      </dl>
      <UserNames users={blast.users} />
      <Versions versions={blast.versions} />
      <Away away={blast.away} waits={act === 'message'} />
      <Refused refused={blast.refused} />
    </>
  )
}

/** Who is not there now; a message waits for them. */
const Away = ({ away, waits }: { away: BlastRadius['away']; waits: boolean }) => {
  const t = useTranslations('act')
  if (away.sessions === 0) return null
  const states = away.states.map(({ state, sessions }) => t(`away_${state}`, { count: sessions })).join(', ')
  const rest = away.names.length - namedUsers
  return (
    <Notice tone={waits ? 'info' : 'caution'}>
      <p>
        {t('away', { count: away.sessions })} {states}.
      </p>
      {waits ? (
        <p className="text-xs">
          {t('awayMessage', { count: away.sessions })} {away.names.slice(0, namedUsers).join(', ')}
          {rest > 0 ? ` ${t('andMore', { count: rest })}` : ''}
        </p>
      ) : null}
    </Notice>
  )
}

const Figure = ({ count, label }: { count: number; label: string }) => {
  const format = useFormatter()
  return (
    <div className="flex flex-col-reverse justify-end">
      <dt className="text-xs text-muted">{label}</dt>
      <dd className="text-xl font-semibold">{format.number(count)}</dd>
    </div>
  )
}

const UserNames = ({ users }: { users: BlastRadius['users'] }) => {
  const t = useTranslations('act')
  const format = useFormatter()
  const rest = users.length - namedUsers
  return (
    <p className="break-words">
      {users
        .slice(0, namedUsers)
        .map(({ name, sessions }) => (sessions > 1 ? `${name} ×${format.number(sessions)}` : name))
        .join(', ')}
      {rest > 0 ? ` ${t('andMore', { count: rest })}` : ''}
    </p>
  )
}

const Versions = ({ versions }: { versions: BlastRadius['versions'] }) => {
  const t = useTranslations('act')
  const format = useFormatter()
  if (versions.length === 0) return null
  const rest = versions.length - namedVersions
  return (
    <div className="flex flex-col gap-1">
      <h4 className="text-xs text-muted">{t('versions')}</h4>
      <ul className="flex flex-wrap gap-x-4 gap-y-1">
        {versions.slice(0, namedVersions).map(({ id, outdated, sessions }) => (
          <li key={id} className="inline-flex items-center gap-1.5">
            <VersionMark version={{ id, digest: '', outdated }} />
            <span className="text-muted">{format.number(sessions)}</span>
          </li>
        ))}
        {rest > 0 ? <li className="text-muted">{t('andMore', { count: rest })}</li> : null}
      </ul>
    </div>
  )
}

const Refused = ({ refused }: { refused: BlastRadius['refused'] }) => {
  const t = useTranslations('act')
  if (refused.length === 0) return null
  return (
    <Notice tone="caution">
      <p>{t('refused', { count: refused.length })}</p>
      <ul className="mt-1 flex flex-col gap-1 text-xs">
        {refused.slice(0, 5).map(({ id, name, code, message }) => (
          <li key={id}>
            {name}: {message} <code>{code}</code>
          </li>
        ))}
        {refused.length > 5 ? <li>{t('andMore', { count: refused.length - 5 })}</li> : null}
      </ul>
    </Notice>
  )
}
