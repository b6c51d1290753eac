'use client'
import { useCallback, useMemo, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { useView } from '../../../src/live/use-view.ts'
import { matchCalls, sortCalls } from '../../../src/panels/calls/call-list.ts'
import { CallPanel } from '../../../src/panels/calls/call-panel.tsx'
import { useEscape } from '../../../src/panels/use-escape.ts'
import { usePageTitle } from '../../../src/shell/page-title.ts'
import { useSingleKeys } from '../../../src/shell/single-keys.ts'
import type { GridHandle } from '../../../src/table/virtual-grid.tsx'
import { CallGrid } from './call-grid.tsx'
import { CallsHead } from './calls-head.tsx'
import { CallsNotices } from './calls-notices.tsx'
import { CallsTools } from './calls-tools.tsx'
import { useCallsAddress } from './use-calls-address.ts'
import { useHeldCalls } from './use-held-calls.ts'

/** Calls as they end: all or the slow ones, of all sessions or of one, and where the time of each went. */
export const Calls = () => {
  const { address, go } = useCallsAddress()
  const { slow, session, text, sort, call } = address
  const { value, gone } = useView('calls', { kind: 'calls', slow, session })
  const held = useHeldCalls(value?.calls, JSON.stringify([slow, session]))
  const grid = useRef<GridHandle>(null)
  const search = useRef<HTMLInputElement>(null)
  const toGrid = useCallback(() => grid.current?.focus(), [])
  const close = useCallback(() => {
    go({ call: null }, 'push')
    toGrid()
  }, [go, toGrid])
  usePageTitle(useTranslations('calls')('title'))
  useSingleKeys({ '/': () => search.current?.focus(), p: held.toggle })
  useEscape(call === null ? null : close)
  const { shown } = held
  const listed = useMemo(() => (shown === undefined ? undefined : sortCalls(matchCalls(shown, text), sort)), [shown, text, sort])
  const isOpen = ({ number }: { number: number }) => number === call
  return (
    <div className="flex min-h-0 flex-1">
      <section className="@container flex min-h-0 min-w-0 flex-1 flex-col">
        <CallsHead held={held} matching={listed?.length} />
        <CallsTools search={search} address={address} go={go} onDown={toGrid} />
        <CallsNotices gone={gone} any={shown !== undefined && shown.length > 0} />
        <CallGrid grid={grid} calls={listed} any={shown !== undefined && shown.length > 0} address={address} go={go} />
      </section>
      {call === null ? null : <CallPanel number={call} call={shown?.find(isOpen) ?? value?.calls.find(isOpen)} onClose={close} />}
    </div>
  )
}
