'use client'
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { parseFailure } from './failure.ts'
import { createApi, TRPCProvider } from './trpc.ts'

const isNetworkFailure = (error: Error): boolean => parseFailure(error).code === 'SERVER_UNREACHABLE'

/** Live data come over the socket, so nothing here refetches by itself. */
const createCache = (onSignInRequired: () => void) => {
  const onError = (error: Error) => {
    if (parseFailure(error).code === 'SIGN_IN_REQUIRED') onSignInRequired()
  }
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        retry: (failures, error) => failures < 2 && isNetworkFailure(error),
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  })
}

export const ApiProvider = ({ onSignInRequired, children }: { onSignInRequired: () => void; children: ReactNode }) => {
  const [cache] = useState(() => createCache(onSignInRequired))
  const [api] = useState(createApi)
  return (
    <QueryClientProvider client={cache}>
      <TRPCProvider trpcClient={api} queryClient={cache}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  )
}
