import type { AppRouter } from '@tessera/api'
import { createTRPCClient, httpBatchLink, type TRPCClient } from '@trpc/client'
import superjson from 'superjson'
import { parseAddress } from './address.ts'

export interface AdminClientOptions {
  /** `http(s)://host:port` of the server, or any other form of its address. */
  url: string
  /** From `tessera token create`, or the owner token in the server's data directory. */
  token: string
}

/** What scripts administer a server with: `admin.sessions.list.query({})`, `admin.versions.reload.mutate()`. */
export type AdminClient = TRPCClient<AppRouter>

/**
 * The typed client for a server's whole administration. A failed request rejects with a TRPCClientError whose
 * `data.tessera` holds Tessera's own code and sentence.
 */
export const createAdminClient = ({ url, token }: AdminClientOptions): AdminClient =>
  createTRPCClient<AppRouter>({
    links: [
      httpBatchLink({
        url: `${parseAddress(url.replace(/\/trpc\/?$/, '')).origin}/trpc`,
        transformer: superjson,
        headers: { authorization: `Bearer ${token}`, 'x-tessera-console': '1' },
        maxItems: 50,
      }),
    ],
  })
