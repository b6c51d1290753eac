'use client'
import { useSearchParams } from 'next/navigation'
import { useCallback, useMemo } from 'react'
import { formatProcessesUrl, type ProcessesUrl, parseProcessesUrl } from '../../../src/address/process-url.ts'

export type GoTo = (change: Partial<ProcessesUrl>, how?: 'push' | 'replace') => void

/** Reads the page's state from the address and writes it back there; `push` is a step that Back undoes. */
export const useProcessesAddress = (): { address: ProcessesUrl; go: GoTo } => {
  const params = useSearchParams()
  const address = useMemo(() => parseProcessesUrl(new URLSearchParams(params)), [params])
  const go = useCallback<GoTo>((change, how = 'replace') => {
    // The address bar is asked, not the last render: two changes may come in one tick.
    const current = parseProcessesUrl(new URLSearchParams(window.location.search))
    const url = `${window.location.pathname}${formatProcessesUrl({ ...current, ...change })}`
    if (how === 'push') window.history.pushState(null, '', url)
    else window.history.replaceState(null, '', url)
  }, [])
  return { address, go }
}
