'use client'
import { useSearchParams } from 'next/navigation'
import { useCallback, useMemo } from 'react'

/** Changes some of what the address says; `push` is a step that Back undoes. */
export type GoTo<Change> = (change: Change, how?: 'push' | 'replace') => void

/** How a page's state is read from the address and written there. Must be one object for good. */
export interface AddressForm<Url, Change> {
  parse: (params: URLSearchParams) => Url
  format: (url: Url) => string
  change: (url: Url, change: Change) => Url
}

/** A page's state, which is what its address says. */
export const useAddress = <Url, Change>({ parse, format, change }: AddressForm<Url, Change>): { address: Url; go: GoTo<Change> } => {
  const params = useSearchParams()
  const address = useMemo(() => parse(new URLSearchParams(params)), [parse, params])
  const go = useCallback<GoTo<Change>>(
    (wanted, how = 'replace') => {
      // The address bar is asked, not the last render: two changes may come in one tick.
      const current = parse(new URLSearchParams(window.location.search))
      const url = `${window.location.pathname}${format(change(current, wanted))}`
      if (how === 'push') window.history.pushState(null, '', url)
      else window.history.replaceState(null, '', url)
    },
    [parse, format, change],
  )
  return { address, go }
}

/** Where each part of the state stands for itself. */
export const changeParts = <Url extends object>(url: Url, parts: Partial<Url>): Url => ({ ...url, ...parts })
