'use client'
import { useSearchParams } from 'next/navigation'
import { useCallback, useMemo } from 'react'

/** Changes some of what the address says; `push` is a step that Back undoes. */
export type GoTo<Url> = (change: Partial<Url>, how?: 'push' | 'replace') => void

/** How a page's state is read from the address and written there. Must be one object for good. */
export interface AddressForm<Url> {
  parse: (params: URLSearchParams) => Url
  format: (url: Url) => string
}

/** A page's state, which is what its address says. */
export const useAddress = <Url extends object>({ parse, format }: AddressForm<Url>): { address: Url; go: GoTo<Url> } => {
  const params = useSearchParams()
  const address = useMemo(() => parse(new URLSearchParams(params)), [parse, params])
  const go = useCallback<GoTo<Url>>(
    (change, how = 'replace') => {
      // The address bar is asked, not the last render: two changes may come in one tick.
      const current = parse(new URLSearchParams(window.location.search))
      const url = `${window.location.pathname}${format({ ...current, ...change })}`
      if (how === 'push') window.history.pushState(null, '', url)
      else window.history.replaceState(null, '', url)
    },
    [parse, format],
  )
  return { address, go }
}
