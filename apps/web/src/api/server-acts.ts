'use client'
import type { AddressRule } from '@tessera/protocol'
import { useMemo } from 'react'
import { useTRPCClient } from './trpc.ts'

export interface ExplainQuestion {
  session: string
  action: string
  type: string
  resource: string
}

/** What operators decide about the server as a whole, and what they ask its roles. */
export const useServerActs = () => {
  const { server, licences, roles } = useTRPCClient()
  return useMemo(
    () => ({
      rejectConnections: (input: { message: string }) => server.rejectConnections.mutate(input),
      acceptConnections: () => server.acceptConnections.mutate({}),
      setAddresses: (input: { rules: AddressRule[] }) => server.setAddresses.mutate(input),
      setLicences: (input: { maximum: number | null }) => licences.set.mutate(input),
      explain: (input: ExplainQuestion) => roles.explain.query(input),
    }),
    [server, licences, roles],
  )
}
