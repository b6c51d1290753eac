'use client'
import { formatSessionsUrl, parseSessionsUrl, type SessionsUrl } from './session-url.ts'
import { type GoTo, useAddress } from './use-address.ts'

export type AddressChange = Partial<Omit<SessionsUrl, 'query'> & SessionsUrl['query']>
export type Go = GoTo<AddressChange>

const change = (current: SessionsUrl, { text, chips, ...rest }: AddressChange): SessionsUrl => {
  // A slot of one session says nothing about another.
  const history = rest.session === undefined || rest.session === current.session ? current.history : null
  return { ...current, history, ...rest, query: { text: text ?? current.query.text, chips: chips ?? current.query.chips } }
}

const form = { parse: parseSessionsUrl, format: formatSessionsUrl, change }

export const useSessionsAddress = (): { address: SessionsUrl; go: Go } => useAddress(form)
