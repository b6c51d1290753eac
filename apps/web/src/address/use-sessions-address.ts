'use client'
import { useSearchParams } from 'next/navigation'
import { useCallback, useMemo } from 'react'
import { formatSessionsUrl, parseSessionsUrl, type SessionsUrl } from './session-url.ts'

export type AddressChange = Partial<Omit<SessionsUrl, 'query'> & SessionsUrl['query']>
export type Go = (change: AddressChange, how?: 'push' | 'replace') => void

/** Reads the page's state from the address and writes it back there; `push` is a step that Back undoes. */
export const useSessionsAddress = (): { address: SessionsUrl; go: Go } => {
  const params = useSearchParams()
  const address = useMemo(() => parseSessionsUrl(new URLSearchParams(params)), [params])
  const go = useCallback<Go>((change, how = 'replace') => {
    const url = `${window.location.pathname}${formatSessionsUrl(withChange(change))}`
    if (how === 'push') window.history.pushState(null, '', url)
    else window.history.replaceState(null, '', url)
  }, [])
  return { address, go }
}

/** The address bar is asked, not the last render: two changes may come in one tick. */
const withChange = ({ text, chips, ...rest }: AddressChange): SessionsUrl => {
  const current = parseSessionsUrl(new URLSearchParams(window.location.search))
  // A slot of one session says nothing about another.
  const history = rest.session === undefined || rest.session === current.session ? current.history : null
  return { ...current, history, ...rest, query: { text: text ?? current.query.text, chips: chips ?? current.query.chips } }
}
