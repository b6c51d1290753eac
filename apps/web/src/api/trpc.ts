'use client'
import type { AppRouter } from '@tessera/api'
import { createTRPCClient, httpLink } from '@trpc/client'
import { createTRPCContext } from '@trpc/tanstack-react-query'
import superjson from 'superjson'

/** The header that a page of another origin cannot send without asking first. */
const consoleHeader = { 'x-tessera-console': '1' }

export const createApi = () => createTRPCClient<AppRouter>({ links: [httpLink({ url: '/trpc', transformer: superjson, headers: consoleHeader })] })

export const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>()
