'use client'
import { useQuery } from '@tanstack/react-query'
import type { OperatorRow } from '@tessera/protocol'
import { createContext, type ReactNode, use } from 'react'
import { parseFailure } from '../api/failure.ts'
import { useTRPC } from '../api/trpc.ts'
import { ServerSilent } from './server-silent.tsx'
import { Splash } from './splash.tsx'

const OperatorContext = createContext<OperatorRow | null>(null)

/** Shows the console to whoever is signed in. The way to the sign-in page is taken by the API's error handler. */
export const OperatorGate = ({ children }: { children: ReactNode }) => {
  const trpc = useTRPC()
  const me = useQuery(trpc.auth.me.queryOptions())
  if (me.data !== undefined) return <OperatorContext value={me.data}>{children}</OperatorContext>
  if (me.error === null || parseFailure(me.error).code === 'SIGN_IN_REQUIRED') return <Splash />
  return <ServerSilent error={me.error} onRetry={() => void me.refetch()} />
}

export const useOperator = (): OperatorRow => {
  const operator = use(OperatorContext)
  if (operator === null) throw new Error('The operator was asked for outside the console shell.')
  return operator
}

/** Viewers look; operators and administrators act. The server decides again at each request. */
export const useMayAct = (): boolean => useOperator().role !== 'viewer'
