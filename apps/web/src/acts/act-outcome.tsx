'use client'
import type { ActResult, SessionRow } from '@tessera/protocol'
import { CircleAlert, CircleCheck } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { Notice } from '../display/notice.tsx'

const listed = 200

/** What became of each target: failures first, since they are what is left to do. */
export const ActOutcome = ({ result, rows }: { result: ActResult; rows: readonly SessionRow[] }) => {
  const t = useTranslations('act')
  const names = new Map(rows.map((row) => [row.id, row]))
  const failed = result.results.filter(({ ok }) => !ok)
  const done = result.results.length - failed.length
  const lines = [...failed, ...result.results.filter(({ ok }) => ok)].slice(0, Math.max(listed, failed.length))
  const unlisted = result.results.length - lines.length
  return (
    <div className="flex flex-col gap-3">
      <Notice tone={failed.length === 0 ? 'good' : 'caution'} role="status">
        <p className="font-medium">
          {t('done', { count: done })}
          {failed.length > 0 ? ` · ${t('failed', { count: failed.length })}` : ''}
        </p>
      </Notice>
      <ul aria-label={t('results')} className="flex max-h-80 flex-col overflow-y-auto rounded-lg border border-border">
        {lines.map(({ id, ok, error }) => {
          const row = names.get(id)
          return (
            <li key={id} className="flex items-start gap-2 border-b border-separator px-3 py-1.5 last:border-b-0">
              {ok ? (
                <CircleCheck aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-good" />
              ) : (
                <CircleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-bad" />
              )}
              <div className="min-w-0 flex-1">
                <p className="flex justify-between gap-3">
                  <span className="truncate">
                    <span className="font-medium">{row?.userName ?? id}</span> <span className="text-muted">{row?.machineName}</span>
                  </span>
                  <span className={`shrink-0 text-xs ${ok ? 'text-muted' : 'text-bad'}`}>{ok ? t('ok') : <code>{error?.code}</code>}</span>
                </p>
                {error === undefined ? null : <p className="text-xs break-words text-muted">{error.message}</p>}
              </div>
            </li>
          )
        })}
      </ul>
      {unlisted > 0 ? <p className="text-xs text-muted">{t('moreDone', { count: unlisted })}</p> : null}
    </div>
  )
}
