'use client'
import { Gauge, List, X } from 'lucide-react'
import { useCallback, useMemo, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { FailureNotice } from '../../../src/display/failure-notice.tsx'
import { Notice } from '../../../src/display/notice.tsx'
import { SearchBox } from '../../../src/display/search-box.tsx'
import { Segmented } from '../../../src/display/segmented.tsx'
import { useView } from '../../../src/live/use-view.ts'
import { matchCalls, sortCalls } from '../../../src/panels/calls/call-list.ts'
import { CallLogOff } from '../../../src/panels/calls/call-log-off.tsx'
import { CallPanel } from '../../../src/panels/calls/call-panel.tsx'
import { SplitLegend } from '../../../src/panels/calls/split-bar.tsx'
import { useEscape } from '../../../src/panels/use-escape.ts'
import { usePageTitle } from '../../../src/shell/page-title.ts'
import { useServer } from '../../../src/shell/server-provider.tsx'
import { useSingleKeys } from '../../../src/shell/single-keys.ts'
import type { GridHandle } from '../../../src/table/virtual-grid.tsx'
import { CallGrid } from './call-grid.tsx'
import { HoldButton } from './hold-button.tsx'
import { useCallsAddress } from './use-calls-address.ts'
import { useHeldCalls } from './use-held-calls.ts'

/** Calls as they end: all or the slow ones, of all sessions or of one, and where the time of each went. */
export const Calls = () => {
  const t = useTranslations('calls')
  const { address, go } = useCallsAddress()
  const { slow, session, text, sort, call } = address
  const { value, gone } = useView('calls', { kind: 'calls', slow, session })
  const held = useHeldCalls(value?.calls, JSON.stringify([slow, session]))
  const isOff = useServer()?.callLog?.enabled === false
  const grid = useRef<GridHandle>(null)
  const search = useRef<HTMLInputElement>(null)
  const close = useCallback(() => {
    go({ call: null }, 'push')
    grid.current?.focus()
  }, [go])
  usePageTitle(t('title'))
  useSingleKeys({ '/': () => search.current?.focus(), p: held.toggle })
  useEscape(call === null ? null : close)
  const { shown } = held
  const listed = useMemo(() => (shown === undefined ? undefined : sortCalls(matchCalls(shown, text), sort)), [shown, text, sort])
  const opened = call === null ? undefined : (shown?.find(({ number }) => number === call) ?? value?.calls.find(({ number }) => number === call))
  return (
    <div className="flex min-h-0 flex-1">
      <section className="@container flex min-h-0 min-w-0 flex-1 flex-col">
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 pt-4 pb-3">
          <h1 className="flex min-w-0 flex-wrap items-baseline gap-x-2 text-xl font-semibold tracking-tight">
            {t('title')}{' '}
            <span className="text-base font-normal text-muted">
              {listed === undefined || shown === undefined ? '' : t('titleCount', { matching: listed.length, total: shown.length })}
            </span>
          </h1>
          <HoldButton held={held} />
        </div>
        <div className="flex flex-col gap-2 px-4 pb-2">
          <SearchBox
            inputRef={search}
            label={t('search')}
            placeholder={t('placeholder')}
            text={text}
            onText={(next) => go({ text: next })}
            onDown={() => grid.current?.focus()}
          />
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
            <Which slow={slow} onSlow={(next) => go({ slow: next, call: null })} />
            {session === null ? null : <OneSession onClear={() => go({ session: null })} />}
            <SplitLegend />
          </div>
        </div>
        {gone === null ? null : (
          <div className="px-4 pb-2">
            <FailureNotice error={{ data: gone }} />
          </div>
        )}
        {isOff && shown !== undefined && shown.length > 0 ? (
          <div className="px-4 pb-2">
            <Notice tone="info">
              <CallLogOff />
            </Notice>
          </div>
        ) : null}
        <CallGrid grid={grid} calls={listed} any={shown !== undefined && shown.length > 0} address={address} go={go} />
      </section>
      {call === null ? null : <CallPanel number={call} call={opened} onClose={close} />}
    </div>
  )
}

const Which = ({ slow, onSlow }: { slow: boolean; onSlow: (slow: boolean) => void }) => {
  const t = useTranslations('calls')
  const options = [
    { value: 'all', label: t('all'), icon: <List aria-hidden="true" className="size-3.5" /> },
    { value: 'slow', label: t('slow'), icon: <Gauge aria-hidden="true" className="size-3.5" /> },
  ] as const
  return <Segmented label={t('which')} options={options} value={slow ? 'slow' : 'all'} onChange={(value) => onSlow(value === 'slow')} />
}

const OneSession = ({ onClear }: { onClear: () => void }) => {
  const t = useTranslations('processes')
  return (
    <button type="button" className="filter-chip" aria-pressed="true" onClick={onClear}>
      {t('oneSession')} <X aria-hidden="true" className="size-3" />
      <span className="sr-only">{t('showAll')}</span>
    </button>
  )
}
