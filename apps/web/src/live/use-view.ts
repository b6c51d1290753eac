'use client'
import { keepPreviousData, skipToken, useQuery } from '@tanstack/react-query'
import type { ConsoleView, ErrorBody } from '@tessera/protocol'
import { useEffect, useRef } from 'react'
import { useLiveSocket } from './live-provider.tsx'
import { isValueOf, type LiveEntry, type ValueOf, type ViewKind, type ViewOf, viewKey } from './live-value.ts'

export interface LiveView<Kind extends ViewKind> {
  /** Undefined until the first answer. */
  value: ValueOf<Kind> | undefined
  gone: ErrorBody | null
  /** The value belongs to the question before this one, whose answer is on its way. */
  stale: boolean
}

/** Watches a view for as long as the component lives; the data arrive in the query cache and change by themselves. */
export const useView = <Kind extends ViewKind>(kind: Kind, view: ViewOf<Kind>): LiveView<Kind> => {
  useOpenView(view)
  const { data, isPlaceholderData } = useQuery<LiveEntry>({
    queryKey: viewKey(view),
    queryFn: skipToken,
    // A list that is asked another question keeps its rows until the answer comes; another session's are not kept.
    ...(kind === 'sessions' || kind === 'processes' ? { placeholderData: keepPreviousData } : {}),
    structuralSharing: false,
    gcTime: 60_000,
  })
  const value = data?.value ?? null
  return { value: value !== null && isValueOf(value, kind) ? value : undefined, gone: data?.gone ?? null, stale: isPlaceholderData }
}

const useOpenView = (view: ConsoleView): void => {
  const socket = useLiveSocket()
  const key = JSON.stringify(viewKey(view))
  const whole = JSON.stringify(view)
  const latest = useRef({ view, opened: '' })
  const handle = useRef<ReturnType<typeof socket.open> | null>(null)
  latest.current.view = view

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the view
  useEffect(() => {
    handle.current = socket.open(latest.current.view)
    latest.current.opened = JSON.stringify(latest.current.view)
    return () => handle.current?.release()
  }, [socket, key])

  useEffect(() => {
    if (latest.current.opened === whole) return
    latest.current.opened = whole
    handle.current?.move(latest.current.view)
  }, [whole])
}
