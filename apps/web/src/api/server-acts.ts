'use client'
import type { AddressRule } from '@tessera/protocol'
import { getUntypedClient } from '@trpc/client'
import { useMemo } from 'react'
import { useTRPCClient } from './trpc.ts'

/** What operators decide about the server as a whole, and what they ask its roles. */
export interface ServerActs {
  rejectConnections(input: { message: string }): Promise<unknown>
  acceptConnections(input: Record<never, never>): Promise<unknown>
  setAddresses(input: { rules: AddressRule[] }): Promise<unknown>
  setLicences(input: { maximum: number | null }): Promise<unknown>
  explain(input: ExplainQuestion): Promise<unknown>
}

export interface ExplainQuestion {
  session: string
  action: string
  type: string
  resource: string
}

/** The procedures by their names: what they answer is read where it is used. */
export const useServerActs = (): ServerActs => {
  const client = useTRPCClient()
  return useMemo(() => {
    const api = getUntypedClient(client)
    return {
      rejectConnections: (input) => api.mutation('server.rejectConnections', input),
      acceptConnections: (input) => api.mutation('server.acceptConnections', input),
      setAddresses: (input) => api.mutation('server.setAddresses', input),
      setLicences: (input) => api.mutation('licences.set', input),
      explain: (input) => api.query('roles.explain', input),
    }
  }, [client])
}
